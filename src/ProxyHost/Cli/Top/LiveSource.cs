using System.Globalization;
using System.Text.Json;
using Sluice.ProxyHost.Admin.Live;
using Sluice.ProxyHost.Hosting;

namespace Sluice.ProxyHost.Cli.Top;

/// <summary>What came of asking the daemon. Exactly one is not null.</summary>
/// <param name="View">Its answer.</param>
/// <param name="Refused">What it finds wrong with the filter.</param>
/// <param name="Failure">Why there is no answer.</param>
internal sealed record LiveAnswer(LiveView? View, string? Refused, string? Failure);

/// <summary>Asks a daemon's /live.</summary>
internal sealed class LiveSource(AdminAddress admin) : IDisposable
{
    private const int Rows = 200;
    private const int LargestAnswer = 64 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);
    private readonly HttpClient _client = Create(admin);

    /// <summary>The query for so many rows of each list.</summary>
    /// <param name="filter">Words such as <c>client=10.0.0.0/8</c>.</param>
    /// <param name="order">Of connections; null: the daemon's own.</param>
    public static string QueryOf(IEnumerable<string> filter, string? order)
    {
        IEnumerable<string> words =
        [
            string.Create(CultureInfo.InvariantCulture, $"limit={Rows}"),
            string.Create(CultureInfo.InvariantCulture, $"endpoints={Rows}"),
            string.Create(CultureInfo.InvariantCulture, $"ends={Rows}"),
            .. order is null ? [] : new[] { $"sort={order}" },
            .. filter.Select(word => word.Split('=', 2)).Select(pair => $"{Uri.EscapeDataString(pair[0])}={Uri.EscapeDataString(pair[1])}"),
        ];
        return "/live?" + string.Join('&', words);
    }

    /// <summary>One answer. Cancelling throws; everything else is a value.</summary>
    public async Task<LiveAnswer> AskAsync(string query, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await _client.GetAsync(new Uri(query, UriKind.Relative), cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
                return new(await JsonSerializer.DeserializeAsync(body, LiveJson.Default.LiveView, cancellationToken), null, null);
            }

            string text = (await response.Content.ReadAsStringAsync(cancellationToken)).Split('\n')[0];
            return (int)response.StatusCode switch
            {
                StatusCodes.Status400BadRequest => new(null, text, null),
                StatusCodes.Status404NotFound => Failed("it has no /live; is it a sluice as new as this one?"),
                var status => Failed($"it answers {status.ToString(CultureInfo.InvariantCulture)} {text}"),
            };
        }
        catch (HttpRequestException failure)
        {
            return Failed(failure.InnerException?.Message ?? failure.Message);
        }
        catch (JsonException)
        {
            return Failed("its answer is not what this sluice expects; are both of one version?");
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed($"no answer within {Patience.TotalSeconds} s");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static HttpClient Create(AdminAddress admin)
    {
        HttpClient client = admin.CreateClient(Patience);
        client.MaxResponseContentBufferSize = LargestAnswer;
        return client;
    }

    private LiveAnswer Failed(string why) => new(null, null, $"{admin.Name}: {why}");
}
