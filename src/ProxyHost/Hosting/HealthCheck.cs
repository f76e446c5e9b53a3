using Sluice.ProxyHost.Cli;
using Sluice.ProxyHost.Configuration;

namespace Sluice.ProxyHost.Hosting;

/// <summary>Asks a running daemon's /readyz, for container health checks.</summary>
internal static class HealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Asks the given URL, or else /readyz of this configuration's admin endpoint. 0 when it is ready; otherwise 1, and standard
    /// error says why.
    /// </summary>
    public static Task<int> RunAsync(SluiceConfig? config, Uri? url, CancellationToken cancellationToken) => url is null
        ? AskAsync("/readyz", AdminAddress.Of(config!.Admin), cancellationToken)
        : AskAsync(url.PathAndQuery, AdminAddress.Of(url), cancellationToken);

    private static async Task<int> AskAsync(string path, AdminAddress admin, CancellationToken cancellationToken)
    {
        using HttpClient client = admin.CreateClient(Patience);
        try
        {
            using HttpResponseMessage response = await client.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
            if (response.IsSuccessStatusCode)
                return ExitCode.Success;
            string reason = await response.Content.ReadAsStringAsync(cancellationToken);
            return await NotReadyAsync($"{admin.Name}: {(int)response.StatusCode} {reason.Split('\n')[0]}");
        }
        catch (HttpRequestException failure)
        {
            return await NotReadyAsync($"{admin.Name}: {failure.InnerException?.Message ?? failure.Message}");
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return await NotReadyAsync($"{admin.Name}: no answer within {Patience.TotalSeconds} s");
        }
    }

    private static async Task<int> NotReadyAsync(string reason)
    {
        await Console.Error.WriteLineAsync($"sluice: not ready: {reason}");
        return ExitCode.NotReady;
    }
}
