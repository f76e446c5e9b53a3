using TcpProxyConformance.Cases;

namespace TcpProxyConformance.Tests.Broken;

/// <summary>The cases that a flaw fails.</summary>
/// <param name="Must">Always.</param>
/// <param name="May">Depending on which of two things that happen at once is first, or on how slow the machine is.</param>
internal sealed record ExpectedFailures(string[] Must, string[] May)
{
    // Where more than a megabyte goes one way and is looked at.
    private static readonly string[] Long =
        ["bytes-12582912", "random-cuts", "both-directions-saturated", "client-stays-silent", "half-close-*", "slow-*-loses-nothing", "slow-*-leaves-the-other-way"];

    public static ExpectedFailures Of(Flaw flaw) => flaw switch
    {
        Flaw.None => These(),
        Flaw.LosesByte or Flaw.RepeatsByte or Flaw.SwapsBytes or Flaw.LosesLastByte => These(Long),
        Flaw.HoldsByteBack => These("conversation", "upstream-speaks-first", "slow-*-leaves-the-other-way", "slow-readers-leave-others", "connect-and-*", "idle-connection"),
        Flaw.ResetAsFin => These("reset-by-*", "reset-while-half-closed-by-*", "close-with-unread-bytes-by-*", "reset-behind-slow-*"),
        Flaw.FinAsReset => These(
            "bytes-*", "random-cuts", "small-buffers", "one-byte-segments", "both-directions-saturated", "client-stays-silent", "half-close-*", "fin-*",
            "reset-while-half-closed-by-*", "reset-after-own-fin-by-*", "slow-*-loses-nothing", "many-connections", "upstream-accepts-late"),
        Flaw.IgnoresResets => These("reset-*", "close-with-unread-bytes-by-*", "churn", "connect-and-reset", "vanished-*"),
        // Where both ends send FIN it depends on whose is first.
        Flaw.NoHalfClose => These("half-close-*", "fin-alone-*", "reset-while-half-closed-by-*").OrPerhaps(
            "bytes-*", "random-cuts", "small-buffers", "one-byte-segments", "both-directions-saturated", "many-connections", "client-stays-silent", "fin-with-last-byte-*"),
        Flaw.NoBound => These("slow-*-holds-its-sender"),
        Flaw.OneWayAtATime => These("slow-*-leaves-the-other-way"),
        Flaw.OneStuckStopsAll => These("slow-readers-leave-others"),
        Flaw.MixesConnections => These("many-connections"),
        Flaw.WaitsForClient => These("upstream-speaks-first", "client-stays-silent", "fin-alone-by-client"),
        Flaw.LeavesUpstreamOpen => These("fin-alone-by-client", "connect-and-close"),
        // On a slow machine the first of many connections waits for as long until the last one is open.
        Flaw.ShortIdleTimeout => These("idle-connection", "half-close-and-silence-by-*").OrPerhaps("many-connections"),
        Flaw.HangsWhenRefused => These("upstream-refuses", "upstream-comes-back"),
        Flaw.NeverComesBack => These("upstream-comes-back"),
        Flaw.Leaks => These("churn", "connect-and-*", "idle-connection", "vanished-*", "upstream-accepts-late", "upstream-refuses", "upstream-comes-back"),
        _ => throw new ArgumentOutOfRangeException(nameof(flaw)),
    };

    private static ExpectedFailures These(params string[] patterns) => new(Named(patterns), []);

    private ExpectedFailures OrPerhaps(params string[] patterns) => this with { May = Named(patterns) };

    private static string[] Named(string[] patterns)
    {
        Assert.All(patterns, pattern => Assert.Contains(CaseList.All, one => one.IsMeant(pattern)));
        return [.. CaseList.All.Where(one => one.IsRequired && patterns.Any(one.IsMeant)).Select(one => one.Name)];
    }
}
