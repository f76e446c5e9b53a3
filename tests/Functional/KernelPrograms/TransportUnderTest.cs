using Sluice.Redirect.Compilation;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Transports;

namespace Sluice.Functional;

/// <summary>
/// Which transport this project compiles the functional suite for: every connection is judged by rules, and goes to the kernel
/// as soon as it may.
/// </summary>
internal static class TransportUnderTest
{
    private const int SpliceMapsSize = 20_000;

    public const string Name = "kernel programs";

    /// <summary>Whether an RST is passed on although its sender's bytes are stuck or its FIN has been read already.</summary>
    public const bool SeesResetWithoutReading = true;

    // The first byte tells whether the kernel passes the message, passes more along with it, or hands it over undecided.
    private static readonly VerdictPlan Plan = VerdictPlan.Compile(new RuleSet(
        "by_first_byte",
        [
            new Rule("low", FirstByte(0, 99), new RuleAction(RuleVerdict.Pass)),
            new Rule("middle", FirstByte(100, 199), new RuleAction(RuleVerdict.Pass) { ApplyBytes = 3000 }),
            new Rule("high", FirstByte(200, 239), new RuleAction(RuleVerdict.Pass) { ApplyBytes = 7 }),
        ],
        new RuleAction(RuleVerdict.Pass)));

    /// <summary>Maps whose rules pass everything on.</summary>
    public static SpliceMaps CreateMaps() => CreateMaps(Plan, Plan);

    /// <summary>Maps with other rules.</summary>
    public static SpliceMaps CreateMaps(VerdictPlan fromClient, VerdictPlan? fromUpstream) =>
        new(SpliceMapsSize, Program(fromClient), fromUpstream is null ? null : Program(fromUpstream));

    public static ITransport Create() => KernelUnderTest.CreateTransport(KernelUnderTest.AtOnce, out _);

    /// <summary>Bytes that the transport holds for slow readers.</summary>
    public static long HeldBytes(ITransport transport) => KernelRequirement.HeldBytes(transport);

    internal static BytesAsNumberTest FirstByte(ulong first, ulong last) =>
        new(Offset: 0, Width: 1, IsLittleEndian: false, Mask: ulong.MaxValue, new NumberSet([new NumberRange(first, last)]));

    private static StreamProgram Program(VerdictPlan plan) =>
        new(
            new ManagedBackend(plan, _ => throw new InvalidOperationException("No rule redirects to a cluster")),
            plan.Rules.Framing is { } framing ? new FramingParser(framing, plan.Rules.MaxMessage) : null,
            plan.Rules.MaxMessage);
}
