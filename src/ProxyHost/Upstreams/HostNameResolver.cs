using System.Net;
using System.Net.Sockets;
using Sluice.Redirect.Transports;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Upstreams;

/// <summary>
/// Finds the addresses of one host name when it is dialled. An answer serves for five seconds, because the system's
/// resolver tells no TTL; one look-up at a time serves everyone who waits; a failed look-up falls back on the last
/// good answer. Safe from any thread.
/// </summary>
internal sealed class HostNameResolver(
    string host,
    int port,
    TimeProvider? clock = null,
    Func<string, Task<IPAddress[]>>? lookUp = null)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly Func<string, Task<IPAddress[]>> _lookUp = lookUp ?? Dns.GetHostAddressesAsync;
    private readonly Lock _lock = new();
    private volatile Answer? _answer;
    private Task<Answer>? _underWay;

    /// <summary>Never throws: want of an answer within <paramref name="bound"/>, or before an abort, is a value.</summary>
    public ValueTask<NameResolution> ResolveAsync(TimeSpan bound, IAbortScope? scope = null) =>
        _answer is { } answer && _clock.GetElapsedTime(answer.At) < Freshness
            ? new(new NameResolution(answer.Addresses, null))
            : LookUpAsync(bound, scope);

    private async ValueTask<NameResolution> LookUpAsync(TimeSpan bound, IAbortScope? scope)
    {
        using var aborted = new AbortSource(scope);
        try
        {
            Answer answer = await Shared().WaitAsync(bound, _clock, aborted.Token);
            return new(answer.Addresses, answer.Addresses.Length == 0 ? $"{host}: no address" : null);
        }
        catch (SocketException unresolved)
        {
            return new(_answer?.Addresses ?? [], $"{host}: {unresolved.Message}");
        }
        catch (OperationCanceledException)
        {
            return new([], $"{host}: given up");
        }
        catch (TimeoutException)
        {
            return new(_answer?.Addresses ?? [], $"{host}: the resolver did not answer within {bound.TotalSeconds:0.###} s");
        }
    }

    private Task<Answer> Shared()
    {
        lock (_lock)
            return _underWay is { IsCompleted: false } underWay ? underWay : _underWay = AskAsync();
    }

    private async Task<Answer> AskAsync()
    {
        IPAddress[] addresses = await _lookUp(host).ConfigureAwait(false);
        return _answer = new Answer([.. addresses.Select(address => new IPEndPoint(address, port))], _clock.GetTimestamp());
    }

    private sealed record Answer(EndPoint[] Addresses, long At);
}
