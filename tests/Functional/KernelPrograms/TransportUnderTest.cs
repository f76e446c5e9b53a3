using Sluice.Redirect;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Reactors;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Splicing.Kernel;
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
            new Rule("high", FirstByte(200, 229), new RuleAction(RuleVerdict.Pass) { Pop = new PopBytes(0, 0), Push = new PushBytes(0, []) }),
            new Rule("corked", FirstByte(230, 239), new RuleAction(RuleVerdict.Pass) { CorkBytes = 700 }),
        ],
        new RuleAction(RuleVerdict.Pass)));

    /// <summary>Maps whose rules pass everything on.</summary>
    public static SpliceMaps CreateMaps() => CreateMaps(Plan, Plan);

    /// <summary>Maps with other rules.</summary>
    public static SpliceMaps CreateMaps(VerdictPlan fromClient, VerdictPlan? fromUpstream) =>
        new(SpliceMapsSize, Program(fromClient), fromUpstream is null ? null : Program(fromUpstream));

    public static ITransport Create() => Create(new OffloadOptions { ReadsBefore = 1, Memory = 8L * 1024 * 1024 * 1024 }, out _);

    /// <summary>A transport, and the engine whose counters tell what became of its connections.</summary>
    public static ITransport Create(OffloadOptions options, out KernelEngine engine)
    {
        bool required = Environment.GetEnvironmentVariable("SLUICE_REQUIRE_KERNEL") == "1";
        Errno errno = KernelEngine.TryCreate(options, out KernelEngine? created);
        string? obstacle = errno == Errno.None ? null : $"the kernel's BTF cannot be read: {errno}";
        Assert.False(obstacle is not null && required, $"{obstacle}, and SLUICE_REQUIRE_KERNEL=1");
        Assert.SkipWhen(obstacle is not null, obstacle ?? "");
        engine = created!;
        return new ReactorTransport(
            new ReactorTransportOptions { Reactors = 2 }, engine,
            (failure, log) => Assert.Fail($"the kernel refused: {failure}\n{log}"));
    }

    /// <summary>Bytes that the transport holds for slow readers.</summary>
    public static long HeldBytes(ITransport transport) => ((ReactorTransport)transport).Reactors.Sum(reactor => reactor.HeldBytes);

    internal static BytesAsNumberTest FirstByte(ulong first, ulong last) =>
        new(Offset: 0, Width: 1, IsLittleEndian: false, Mask: ulong.MaxValue, new NumberSet([new NumberRange(first, last)]));

    private static StreamProgram Program(VerdictPlan plan) =>
        new(new ManagedBackend(plan, _ => throw new InvalidOperationException("No rule redirects to a cluster")), null, plan.Rules.MaxMessage);
}
