using Sluice.Programs.Processes;

namespace Sluice.Oracle.Ways;

/// <summary>A daemon all of whose connections one engine carries.</summary>
internal sealed class EngineProcess(Engine engine, SluiceProcess sluice, Venue venue) : IAsyncDisposable
{
    public Way Way => Way.Through(engine.Name, sluice, venue);

    /// <summary>Starts it, and waits until the kernel is trusted where its engine is the kernel's; fails where that is not.</summary>
    public static async Task<EngineProcess> StartAsync(Engine engine, Venue venue)
    {
        SluiceProcess sluice = await SluiceProcess.StartAsync([venue.ClientFirst.Address, venue.ServerFirst.Address], engine.Setup);
        if (engine.TrustedWhen is { } trusted)
            await sluice.LoggedAsync(trusted);
        return new EngineProcess(engine, sluice, venue);
    }

    /// <summary>Fails unless the engine has carried bytes, every connection is gone and nothing went wrong.</summary>
    public async Task<string> ConcludeAsync()
    {
        int open = -1;
        for (int looks = 0; looks < 500 && open != 0; looks++)
        {
            open = (await sluice.ConnectionsAsync()).GetProperty("count").GetInt32();
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.True(open == 0, $"{engine.Name}: {open} connections are left that both ends have seen the end of");
        string metrics = await sluice.MetricsAsync();
        double evidence = engine.Evidence.In(metrics);
        Assert.True(evidence >= engine.LeastEvidence, $"{engine.Name} has carried too little: {evidence} of {engine.Evidence}");
        foreach (string defect in (string[])["internal_error", "program_fault", "map_refused"])
            Assert.DoesNotContain($"error_type=\"{defect}\"", metrics, StringComparison.Ordinal);
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{engine.Name}: {engine.Evidence.Metric} {{{engine.Evidence.Attribute}}} {evidence:N0}");
    }

    public ValueTask DisposeAsync() => sluice.DisposeAsync();
}
