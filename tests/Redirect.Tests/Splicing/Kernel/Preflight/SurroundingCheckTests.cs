using Sluice.Redirect.Linux;
using Sluice.Redirect.Splicing.Kernel.Preflight;

namespace Sluice.Redirect.Tests.Splicing.Kernel.Preflight;

public sealed class SurroundingCheckTests
{
    private static readonly KernelFacts Facts = new();

    [Theory]
    [InlineData("6.18.44-fc-v782", CheckOutcome.Passed)]
    [InlineData("6.5.0", CheckOutcome.Passed)]
    [InlineData("6.5-rc1", CheckOutcome.Passed)]
    [InlineData("10.0", CheckOutcome.Passed)]
    [InlineData("6.4.16-200.fc38.x86_64", CheckOutcome.Failed)]
    [InlineData("5.15.0-1051-aws", CheckOutcome.Failed)]
    [InlineData("", CheckOutcome.Failed)]
    [InlineData("linux", CheckOutcome.Failed)]
    public void A_kernel_before_6_5_is_not_trusted(string release, CheckOutcome expected) =>
        Assert.Equal(expected, SurroundingChecks.KernelVersion(Facts with { Release = release }).Outcome);

    [Theory]
    [InlineData(new[] { Capability.Bpf, Capability.NetAdmin, Capability.PerfMon }, new string[0])]
    [InlineData(new[] { Capability.SysAdmin, Capability.NetAdmin }, new string[0])]
    [InlineData(new[] { Capability.SysAdmin }, new[] { "CAP_NET_ADMIN" })]
    [InlineData(new[] { Capability.Bpf, Capability.NetAdmin }, new[] { "CAP_PERFMON" })]
    [InlineData(new Capability[0], new[] { "CAP_BPF", "CAP_NET_ADMIN", "CAP_PERFMON" })]
    internal void What_is_missing_is_named(Capability[] held, string[] missing) =>
        Assert.Equal(missing, NeededCapabilities.MissingIn(held.Aggregate(0UL, (set, one) => set | (1UL << (int)one))));

    [Fact]
    public void The_advice_says_what_grants_the_capabilities()
    {
        KernelFacts facts = Facts with { MissingCapabilities = ["CAP_BPF", "CAP_PERFMON"] };
        PreflightCheck check = SurroundingChecks.Capabilities(facts);
        Assert.Equal((CheckOutcome.Failed, "CAP_BPF, CAP_PERFMON are missing"), (check.Outcome, check.Finding));
        Assert.Contains("--cap-add=BPF --cap-add=PERFMON", check.Advice, StringComparison.Ordinal);
        Assert.Contains("AmbientCapabilities=CAP_BPF CAP_PERFMON", check.Advice, StringComparison.Ordinal);
        Assert.Contains("setcap cap_bpf,cap_perfmon+ep", check.Advice, StringComparison.Ordinal);
        Assert.DoesNotContain("setcap", SurroundingChecks.Capabilities(facts with { HasNoNewPrivileges = true }).Advice, StringComparison.Ordinal);
    }

    // The capabilities are there in all of these, and the kernel refuses: each time somebody else is to blame.
    [Theory]
    [InlineData(true, false, Errno.EPERM, CheckOutcome.Failed, CheckOutcome.Failed)]
    [InlineData(true, false, Errno.ENOSYS, CheckOutcome.Failed, CheckOutcome.Failed)]
    [InlineData(true, false, Errno.None, CheckOutcome.Passed, CheckOutcome.Passed)]
    [InlineData(true, true, Errno.EPERM, CheckOutcome.Passed, CheckOutcome.Failed)]
    [InlineData(false, true, Errno.EPERM, CheckOutcome.Passed, CheckOutcome.Failed)]
    [InlineData(false, false, Errno.EPERM, CheckOutcome.Passed, CheckOutcome.Failed)]
    [InlineData(false, false, Errno.ENOSYS, CheckOutcome.Passed, CheckOutcome.Failed)]
    [InlineData(false, false, Errno.ENOMEM, CheckOutcome.Passed, CheckOutcome.Failed)]
    [InlineData(false, false, Errno.None, CheckOutcome.Passed, CheckOutcome.Passed)]
    public void Seccomp_is_told_apart_from_rights(bool isFiltered, bool isInUserNamespace, Errno answer, CheckOutcome seccomp, CheckOutcome call)
    {
        KernelFacts facts = Facts with { HasSeccompFilter = isFiltered, IsInUserNamespace = isInUserNamespace };
        PreflightCheck bpf = SurroundingChecks.BpfCall(facts, answer);
        Assert.Equal((seccomp, call), (SurroundingChecks.Seccomp(facts, answer).Outcome, bpf.Outcome));
        Assert.Equal(isInUserNamespace, bpf.Finding.Contains("user namespace", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("none [integrity] confidentiality", "integrity")]
    [InlineData("[none] integrity confidentiality", "none")]
    [InlineData("none integrity", null)]
    [InlineData("]none[", null)]
    [InlineData(null, null)]
    public void The_lockdown_is_the_word_in_brackets(string? text, string? word) => Assert.Equal(word, KernelFacts.ChosenWord(text));

    [Theory]
    [InlineData("         0          0 4294967295\n", false)]
    [InlineData("         0       1000          1\n", true)]
    [InlineData("         0     100000      65536\n         65536     300000     1\n", true)]
    [InlineData("", true)]
    public void A_map_of_fewer_users_is_a_namespace(string map, bool isPart) => Assert.Equal(isPart, KernelFacts.IsPartOfUsers(map));

    [Fact]
    public void A_lockdown_that_cannot_be_read_is_skipped() => Assert.Equal(CheckOutcome.Skipped, SurroundingChecks.Lockdown(Facts).Outcome);

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(null, false)]
    public void An_interpreted_program_is_worth_an_advice(int? jit, bool isAdvised) =>
        Assert.Equal(isAdvised, SurroundingChecks.Sysctls(Facts with { JitEnabled = jit }).Advice is not null);
}
