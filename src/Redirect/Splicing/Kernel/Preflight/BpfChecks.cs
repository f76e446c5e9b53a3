using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Splicing.Kernel.Preflight;

/// <summary>Checks of bpf(2) itself, before any socket is touched.</summary>
internal static class BpfChecks
{
    /// <summary>What the kernel answers to the smallest map there is.</summary>
    internal static Errno AskForMap()
    {
        Errno errno = BpfMap.Create(BpfMapType.Array, "sluice_probe", sizeof(uint), sizeof(ulong), 1, 0, out BpfMap? map);
        map?.Dispose();
        return errno;
    }

    internal static PreflightCheck Btf(OffloadOptions options, out KernelEngine? engine)
    {
        const string Name = "btf";
        const string Advice = "Run on a kernel with CONFIG_DEBUG_INFO_BTF, as distributions build theirs.";
        return KernelEngine.TryCreate(options, out engine) switch
        {
            Errno.None => PreflightCheck.Passed(Name, "the kernel tells where tcp_sock has write_seq, snd_una and copied_seq"),
            Errno.ENOENT => PreflightCheck.Failed(Name, $"there is no {Linux.Btf.KernelPath}", Advice),
            Errno.EBADMSG => PreflightCheck.Failed(Name, "its description of tcp_sock lacks a field, or is malformed", Advice),
            var errno => PreflightCheck.Failed(Name, $"{Linux.Btf.KernelPath} cannot be read: {errno}", "Let this process read /sys/kernel/btf."),
        };
    }

    /// <summary>What one side writes into the records' memory, the other reads.</summary>
    internal static PreflightCheck Memory()
    {
        const string Name = "mapped_records";
        const ulong Written = 0x0123_4567_89AB_CDEF;
        Errno errno = BpfMap.Create(BpfMapType.Array, "sluice_probe", sizeof(uint), sizeof(ulong), 1, BpfMapFlags.Mappable, out BpfMap? map);
        using (map)
        {
            MappedArray<ulong>? mapped = null;
            ulong seen = 0;
            if (errno == Errno.None)
                errno = MappedArray<ulong>.Map(map!, out mapped);
            using (mapped)
            {
                if (errno == Errno.None)
                {
                    Volatile.Write(ref mapped![0], Written);
                    errno = map!.Lookup(0u, out seen);
                }
            }

            return errno != Errno.None
                ? PreflightCheck.Failed(Name, $"an array cannot be mapped: {errno}", "Look at RLIMIT_AS and at what the security module allows of mmap.")
                : seen == Written
                    ? PreflightCheck.Passed(Name, "an array is mapped, and a lookup sees what is written there")
                    : PreflightCheck.Failed(Name, "a lookup does not see what was written to a mapped array", "Report the kernel's release.");
        }
    }

    internal static PreflightCheck Program(KernelEngine engine, out TrialGround? ground)
    {
        const string Name = "program";
        Errno errno = TrialGround.TryOpen(engine, out ground, out string log);
        if (errno == Errno.None)
            return PreflightCheck.Passed(Name, "the verifier takes the program, and it is attached to the sockmap");

        return log.Length == 0
            ? PreflightCheck.Failed(Name, $"maps or program cannot be made: {errno}", "Look at the kernel's log, and at whether CONFIG_BPF_STREAM_PARSER is set.")
            : PreflightCheck.Failed(Name, $"the verifier refuses the program with {errno}: {LastLine(log)}", "Report the kernel's release and this line.");
    }

    /// <summary>A send queue that has room for what is redirected and for what user space sends at once.</summary>
    internal static PreflightCheck SendBuffer(int window)
    {
        const string Name = "forced_send_buffer";
        int fd = Syscall.Socket(AddressFamily.Inet);
        if (fd < 0)
            return PreflightCheck.Failed(Name, $"no socket can be had: {(Errno)(-fd)}", "Raise RLIMIT_NOFILE.");

        int set = Syscall.SetOption(fd, SocketOption.SendBufferForce, 2 * window);
        _ = Syscall.GetOption(fd, SocketOption.SendBuffer, out int size);
        Syscall.Close(fd);
        return set < 0
            ? PreflightCheck.Failed(Name, $"SO_SNDBUFFORCE is refused: {(Errno)(-set)}", "Give the process CAP_NET_ADMIN in its network namespace.")
            : size >= 2 * window
                ? PreflightCheck.Passed(Name, $"SO_SNDBUFFORCE reads back as {size / 1024} KiB")
                : PreflightCheck.Failed(Name, $"SO_SNDBUFFORCE reads back as {size / 1024} KiB of {2 * window / 1024}", "Report the kernel's release.");
    }

    private static string LastLine(string log) =>
        log.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .LastOrDefault(line => !line.StartsWith("processed ", StringComparison.Ordinal)) ?? "";
}
