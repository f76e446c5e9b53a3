using System.Globalization;

namespace Sluice.Redirect.Splicing.Kernel.Preflight;

/// <summary>Checks of what was read about the kernel and this process, and of how the kernel answered a first bpf(2).</summary>
internal static class SurroundingChecks
{
    /// <summary>Before it the kernel loses skbs and ends of streams of sockets in maps.</summary>
    private static readonly Version Oldest = new(6, 5);

    internal static PreflightCheck KernelVersion(KernelFacts facts)
    {
        const string Name = "kernel_version";
        if (VersionOf(facts.Release) is not { } version)
            return PreflightCheck.Failed(Name, $"the kernel's release `{facts.Release}` names no version", "Run on Linux 6.5 or later.");

        return version >= Oldest
            ? PreflightCheck.Passed(Name, facts.Release)
            : PreflightCheck.Failed(Name, $"{facts.Release} is older than 6.5, whose sockmap loses data", "Run on Linux 6.5 or later.");
    }

    internal static PreflightCheck Capabilities(KernelFacts facts)
    {
        const string Name = "capabilities";
        if (facts.MissingCapabilities.IsEmpty)
            return PreflightCheck.Passed(Name, string.Join(", ", facts.Capabilities));

        string[] words = [.. facts.MissingCapabilities.Select(name => name["CAP_".Length..])];
        string container = string.Join(' ', words.Select(word => $"--cap-add={word}"));
        string systemd = $"AmbientCapabilities={string.Join(' ', facts.MissingCapabilities)}";
        string file = facts.HasNoNewPrivileges
            ? "; no_new_privs is set here, so capabilities of the file would not count"
            : $", or run `setcap {string.Join(',', facts.MissingCapabilities).ToLowerInvariant()}+ep` on the binary";
        return PreflightCheck.Failed(
            Name,
            $"{string.Join(", ", facts.MissingCapabilities)} {(words.Length == 1 ? "is" : "are")} missing",
            $"Give the container {container}, the systemd unit {systemd}{file}.");
    }

    /// <summary>Only asked where the capabilities are there: a filter, and not want of them, makes the kernel refuse.</summary>
    internal static PreflightCheck Seccomp(KernelFacts facts, Errno answer)
    {
        const string Name = "seccomp";
        if (!facts.HasSeccompFilter)
            return PreflightCheck.Passed(Name, "no filter");

        return answer is Errno.EPERM or Errno.EACCES or Errno.ENOSYS && !facts.IsInUserNamespace
            ? PreflightCheck.Failed(
                Name, $"bpf(2) is refused with {answer} although the capabilities are there: the seccomp filter refuses it",
                "Use a seccomp profile that allows bpf(2): deploy/seccomp/sluice-kernel.json, or a newer one of the container runtime.")
            : PreflightCheck.Passed(Name, answer == Errno.None ? "a filter, which lets bpf(2) through" : "a filter, which may not be what refuses bpf(2)");
    }

    internal static PreflightCheck BpfCall(KernelFacts facts, Errno answer)
    {
        const string Name = "bpf_call";
        return (answer, facts.IsInUserNamespace) switch
        {
            (Errno.None, _) => PreflightCheck.Passed(Name, "the kernel makes a map"),
            (Errno.EPERM or Errno.EACCES, true) => PreflightCheck.Failed(
                Name, $"bpf(2) is refused with {answer}: the capabilities are held in a user namespace, where they do not count for it",
                "Run outside of the user namespace: not in a rootless container, or with the host's users."),
            (Errno.EPERM or Errno.EACCES, _) => PreflightCheck.Failed(
                Name, $"bpf(2) is refused with {answer} although capabilities and seccomp allow it: a security module may refuse it",
                "Look for bpf in the audit log, and allow it in the policy of SELinux or AppArmor."),
            (Errno.ENOSYS, _) => PreflightCheck.Failed(Name, "the kernel has no bpf(2)", "Run on a kernel with CONFIG_BPF_SYSCALL."),
            _ => PreflightCheck.Failed(Name, $"the kernel makes no map: {answer}", "Look at the kernel's log and at the memory limits of this process."),
        };
    }

    internal static PreflightCheck Lockdown(KernelFacts facts)
    {
        const string Name = "lockdown";
        return facts.Lockdown switch
        {
            null => PreflightCheck.Skipped(Name, "/sys/kernel/security/lockdown cannot be read here"),
            "confidentiality" => PreflightCheck.Passed(
                Name, "confidentiality", "If the kernel refuses the program below, boot with lockdown=integrity."),
            var word => PreflightCheck.Passed(Name, word),
        };
    }

    internal static PreflightCheck Sysctls(KernelFacts facts)
    {
        string found =
            $"kernel.unprivileged_bpf_disabled={Text(facts.UnprivilegedBpfDisabled)}, net.core.bpf_jit_enable={Text(facts.JitEnabled)}";
        return PreflightCheck.Passed(
            "sysctls", found,
            facts.JitEnabled == 0 ? "Set net.core.bpf_jit_enable=1: programs are interpreted now, which is slow." : null);
    }

    /// <summary>The version a release begins with: 6.18 of <c>6.18.44-custom</c>; null where it begins with none.</summary>
    internal static Version? VersionOf(string release)
    {
        string number = string.Concat(release.TakeWhile(c => char.IsAsciiDigit(c) || c == '.')).TrimEnd('.');
        return Version.TryParse(number, out Version? version) ? version : null;
    }

    private static string Text(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "unknown";
}
