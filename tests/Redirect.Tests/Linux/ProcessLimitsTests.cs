using System.Globalization;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Tests.Linux;

public sealed class ProcessLimitsTests
{
    [Fact]
    public void Capabilities_are_those_that_proc_shows()
    {
        string shown = File.ReadLines("/proc/thread-self/status").First(line => line.StartsWith("CapEff:", StringComparison.Ordinal))[7..].Trim();
        Assert.Equal(ulong.Parse(shown, NumberStyles.HexNumber, CultureInfo.InvariantCulture), ProcessLimits.Read().Capabilities);
    }

    [Theory]
    [InlineData(1UL << 39, true, false)]
    [InlineData(1UL << 12, false, true)]
    [InlineData(1UL << 21, true, true)]
    [InlineData(0UL, false, false)]
    public void The_administrator_may_everything(ulong capabilities, bool bpf, bool netAdmin)
    {
        var limits = new ProcessLimits(capabilities, false, false);
        Assert.Equal((bpf, netAdmin), (limits.Has(Capability.Bpf), limits.Has(Capability.NetAdmin)));
    }

    [Theory]
    [InlineData("Name:\tx\nSeccomp:\t2\nSeccomp_filters:\t1\n", 2)]
    [InlineData("Seccomp:\t0\n", 0)]
    [InlineData("Seccomp_filters:\t3\n", 0)]
    [InlineData("Seccomp:\tnonsense\n", 0)]
    [InlineData("", 0)]
    public void The_seccomp_mode_is_read(string status, int mode) => Assert.Equal(mode, ProcessLimits.SeccompMode(status));

    [Theory]
    [InlineData("0", 1)]
    [InlineData("0-1\n", 2)]
    [InlineData("0-3,8,10-11\n", 7)]
    public void Possible_cpus_are_counted(string list, int count) => Assert.Equal(count, PossibleCpus.Parse(list));
}
