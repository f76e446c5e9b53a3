using System.Net;
using Sluice.Faults;
using Sluice.Functional.Wire;
using Sluice.Oracle.Ways;
using Sluice.Programs.Processes;

namespace TcpProxyConformance.Tests.Proxies;

/// <summary>A daemon all of whose connections one engine carries, in front of one upstream.</summary>
internal sealed class SluiceEngine(Engine engine) : IAsyncDisposable
{
    private const string NotTrusted = "NOT trusted";

    private SluiceProcess? _sluice;
    private string _upstream = "";

    public EndPoint EndPoint => _sluice!.To(_upstream);

    /// <summary>Starts it; with an engine of the kernel once the kernel is trusted.</summary>
    public async Task<SluiceEngine> StartAsync(EndPoint upstream)
    {
        _upstream = $"{upstream}";
        _sluice = await SluiceProcess.StartAsync([_upstream], engine.Setup);
        try
        {
            await TrustAsync(_sluice);
            return this;
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    private async Task TrustAsync(SluiceProcess sluice)
    {
        if (engine.TrustedWhen is { } trusted)
        {
            await Deadline.UntilAsync(() => Has(trusted) || Has(NotTrusted) || sluice.HasExited, () => $"whether the kernel is trusted:\n{sluice.Log}");
            Obstacles.SkipWhen(Has(NotTrusted), sluice.Log.Split('\n').FirstOrDefault(line => line.Contains(NotTrusted, StringComparison.Ordinal)) ?? "");
            Assert.True(Has(trusted), sluice.Log);
        }

        bool Has(string words) => sluice.Log.Contains(words, StringComparison.Ordinal);
    }

    /// <summary>Fails unless the engine has carried what it should, and nothing went wrong.</summary>
    public async Task ConcludeAsync()
    {
        string metrics = await _sluice!.MetricsAsync();
        double evidence = engine.Evidence.In(metrics);
        Assert.True(evidence > 0, $"{engine.Name} has carried nothing: {engine.Evidence}");
        foreach (string defect in (string[])["internal_error", "program_fault", "map_refused"])
            Assert.DoesNotContain($"error_type=\"{defect}\"", metrics, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _sluice?.DisposeAsync() ?? ValueTask.CompletedTask;
}
