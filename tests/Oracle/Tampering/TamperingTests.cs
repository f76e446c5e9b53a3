using Sluice.Functional.Scenarios;
using Sluice.Oracle.Play;
using Sluice.Oracle.Ways;

namespace Sluice.Oracle.Tampering;

/// <summary>The oracle is worth something only if it sees what a bad proxy does.</summary>
public sealed class TamperingTests
{
    // Always the same: that they are enough is known.
    private static readonly IEnumerable<int> Seeds = Enumerable.Range(1, 300);

    [Theory(Timeout = 120_000)]
    [InlineData(Fault.LosesByte, "bytes")]
    [InlineData(Fault.RepeatsByte, "bytes")]
    [InlineData(Fault.SwapsBytes, "bytes")]
    [InlineData(Fault.FlipsBit, "bytes")]
    [InlineData(Fault.AddsByteAtTheEnd, "bytes")]
    [InlineData(Fault.LosesTail, "bytes")]
    [InlineData(Fault.ResetAsFin, "kind of the end")]
    [InlineData(Fault.FinAsReset, "kind of the end")]
    [InlineData(Fault.NoHalfClose, "bytes")]
    public async Task AProxyThatDoesOneThingWrongIsCaught(Fault fault, string what)
    {
        IReadOnlyCollection<Difference> differences = await PlayAsync(fault, difference => difference.What == what);
        Assert.Contains(differences, difference => difference.What == what);
    }

    [Fact(Timeout = 300_000)]
    public async Task AnHonestRelayIsNot() => Assert.Empty(await PlayAsync(Fault.None, _ => true));

    // Whoever waits for a byte that was lost waits for as long as is waited for anything: that is caught too, but takes its time.
    private static bool WaitsForAll(Scenario scenario) => scenario.Rounds > 0 || WaitsForAll(scenario.Client) || WaitsForAll(scenario.Server);

    private static bool WaitsForAll(Script script) => script.Holds || script.Finish == Finish.RstWhenDelivered;

    private static async Task<IReadOnlyCollection<Difference>> PlayAsync(Fault fault, Func<Difference, bool> endsIt)
    {
        using var venue = new Venue();
        using var clientFirst = new TamperingRelay(venue.ClientFirst.EndPoint, fault);
        using var serverFirst = new TamperingRelay(venue.ServerFirst.EndPoint, fault);
        var run = new OracleRun(venue, [new Way("relay", clientFirst.EndPoint, serverFirst.EndPoint)]);
        await run.PlayAsync(Seeds.Where(seed => fault == Fault.None || !WaitsForAll(ScenarioDraw.Of(seed))), endsIt);
        return run.Differences;
    }
}
