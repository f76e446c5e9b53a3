using Sluice.Functional.Scenarios;
using Sluice.Functional.Wire;
using Sluice.Programs.Processes;

namespace Sluice.Programs.Differential;

/// <summary>
/// The same random scenarios direct, through HAProxy and through the daemon. The daemon has to show both ends what a direct
/// connection shows them: bytes, hashes, and the kind and order of the ends. Where HAProxy does not, that is recorded.
/// </summary>
public sealed class DifferentialTests
{
    private const int Scenarios = 100;

    [Theory(Timeout = 600_000)]
    [InlineData("reactor")]
    [InlineData("sockets")]
    public async Task TheDaemonIsLikeADirectConnection(string transport)
    {
        using var server = new Server();
        string upstream = server.EndPoint.ToString()!;
        await using HaProxyProcess haproxy = await HaProxyProcess.StartAsync(server.EndPoint);
        await using SluiceProcess sluice = await SluiceProcess.StartAsync([upstream], transport);

        var haproxyDiffers = new List<string>();
        foreach (int seed in ScenarioSource.Seeds(Scenarios))
        {
            Scenario scenario = ScenarioSource.Draw(seed);
            try
            {
                Outcome direct = await Stage.PlayAsync(scenario, server.EndPoint, server);
                Assert.Equal(direct, await Stage.PlayAsync(scenario, sluice.To(upstream), server));
                Outcome through = await Stage.PlayAsync(scenario, haproxy.EndPoint, server);
                if (through != direct)
                    haproxyDiffers.Add($"seed {seed}: direct {direct.Ends}, HAProxy {through.Ends}");
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException(ScenarioSource.HowToReplay(scenario), failure);
            }
        }

        TestContext.Current.SendDiagnosticMessage(
            $"HAProxy differs from direct in {haproxyDiffers.Count} of {Scenarios} scenarios\n{string.Join('\n', haproxyDiffers.Take(5))}");
    }
}
