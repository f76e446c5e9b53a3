using Sluice.Functional.Scenarios;

namespace Sluice.Oracle.Play;

/// <summary>What a way did that a direct connection does not.</summary>
/// <param name="Way">Which.</param>
/// <param name="Scenario">What was played.</param>
/// <param name="What">In which it differs: bytes, ends or their order, or what it failed with.</param>
/// <param name="Evidence">What was seen directly and what here.</param>
internal sealed record Difference(string Way, Scenario Scenario, string What, string Evidence)
{
    /// <summary>Compares; null: there is none.</summary>
    public static Difference? Between(string way, Scenario scenario, Outcome direct, Outcome seen)
    {
        if (direct == seen)
            return null;
        string what = Bytes(direct.Client) != Bytes(seen.Client) || Bytes(direct.Server) != Bytes(seen.Server) ? "bytes"
            : (direct.Client.Ending, direct.Server.Ending) != (seen.Client.Ending, seen.Server.Ending) ? "kind of the end"
            : "ends";
        return new Difference(way, scenario, what, $"direct: {direct}\n  here: {seen}");
    }

    /// <summary>It did not get that far.</summary>
    public static Difference Failed(string way, Scenario scenario, Exception failure) => new(way, scenario, "failure", failure.ToString());

    public override string ToString() =>
        $"{Way}: {What}\n  {Evidence}\n  {Scenario}\n  again: SLUICE_SCENARIO_SEED={Scenario.Seed} dotnet run --project tests/Oracle -c Release -- -class '*OracleTests'";

    private static (long, string, long?) Bytes(Seen seen) => (seen.Bytes, seen.Sha256, seen.Wrong);
}
