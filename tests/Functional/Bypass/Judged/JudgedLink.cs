using Sluice.Functional.Wire;
using Sluice.Redirect;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Splicing.Bypass;
using Sluice.Redirect.Verdicts;

namespace Sluice.Functional;

/// <summary>A connection whose client is judged by rules where it sends, and what the managed engine alone would make of its stream.</summary>
internal sealed class JudgedLink : IAsyncDisposable, IVerdictObserver
{
    private const int MostAnswers = 200;

    private readonly long[] _counts;
    private readonly SpliceMaps _maps;

    private JudgedLink(VerdictPlan plan)
    {
        _counts = new long[plan.Rules.Rules.Length + 1];
        Reference = new ManagedReference(plan, Direction.FromClient);
        _maps = new SpliceMaps(16, ProgramOf(plan));
    }

    public BypassLink Link { get; private set; } = null!;

    public ManagedReference Reference { get; }

    /// <summary>Opens it, promoted at once.</summary>
    public static async Task<JudgedLink> OpenAsync(RuleSet rules)
    {
        var judged = new JudgedLink(VerdictPlan.Compile(rules));
        judged.Link = await BypassLink.OpenOrdinaryAsync(
            maps: judged._maps, observer: judged, options: new BypassOptions { ReadsBefore = 4, PairsPerReactor = 8 });
        // What the server sends has no program, and makes the connection one that is more than short.
        for (int i = 0; i < MostAnswers && judged.Link.Pair.PathFromClient != DataPath.Bypass; i++)
        {
            await judged.Link.Server.SendAllAsync(new byte[] { 1 });
            await judged.Link.Client.ReceiveExactlyAsync(1).OrHung("an answer");
        }

        Assert.Equal(DataPath.Bypass, judged.Link.Pair.PathFromClient);
        return judged;
    }

    public static StreamProgram ProgramOf(VerdictPlan plan) => new(
        new ManagedBackend(plan, _ => throw new InvalidOperationException("No rule redirects to a cluster")),
        plan.Rules.Framing is { } framing ? new FramingParser(framing, plan.Rules.MaxMessage) : null,
        plan.Rules.MaxMessage);

    public void OnRule(IVerdictProgram program, int rule) => Interlocked.Increment(ref _counts[rule]);

    /// <summary>How often a rule decided where the client sends.</summary>
    public long AtTheSender(int rule) => Link.Engine.CountOf(_maps, Direction.FromClient, rule);

    /// <summary>All such decisions.</summary>
    public long AllAtTheSender() => Enumerable.Range(0, _counts.Length).Sum(AtTheSender);

    /// <summary>
    /// Sends, and waits until what the managed engine would pass on has arrived and it was judged: without framing, what the proxy receives
    /// together is one message.
    /// </summary>
    public async Task SendAsync(byte[] bytes)
    {
        byte[] expected = Reference.Judge(bytes);
        await Link.Client.SendAllAsync(bytes);
        Assert.Equal(expected, await Link.Server.ReceiveExactlyAsync(expected.Length).OrHung($"{expected.Length} bytes"));
        await AreCountedAsync();
    }

    /// <summary>Ends the stream: what is left arrives, the end is the same, and each rule has decided as often.</summary>
    public async Task EndAsync()
    {
        byte[] rest = Reference.End();
        if (!Reference.IsReset || rest.Length > 0)
            Link.Client.SendFin();
        await Link.Server.AssertEndsAsync(rest, Reference.IsReset ? Ending.Rst : Ending.Fin);
        await AreCountedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Link.DisposeAsync();
        _maps.Dispose();
    }

    private async Task AreCountedAsync()
    {
        if (!AreCounted())
            await Deadline.UntilAsync(AreCounted, () => $"counts {string.Join(' ', Reference.Counts)}, not {string.Join(' ', Counts())}");
    }

    private bool AreCounted() => Counts().SequenceEqual(Reference.Counts);

    private long[] Counts() => [.. _counts.Select((count, rule) => Interlocked.Read(ref _counts[rule]) + AtTheSender(rule))];
}
