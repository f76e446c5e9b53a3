using System.Net;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Model.Discovery;
using Sluice.ProxyHost.Upstreams.Discovery;

namespace Sluice.ProxyHost.Tests.Upstreams.Discovery;

/// <summary>Answers as it was told last. Before that it does not answer at all.</summary>
internal sealed class FakeLookup : INameLookup
{
    private readonly Lock _lock = new();
    private TaskCompletionSource<LookupResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _asked;

    /// <summary>Look-ups so far.</summary>
    public int Asked => Volatile.Read(ref _asked);

    public Task<LookupResult> LookUpAsync(DiscoveredName name, DiscoveryConfig config, CancellationToken stop)
    {
        Interlocked.Increment(ref _asked);
        lock (_lock)
            return _answer.Task.WaitAsync(stop);
    }

    /// <summary>From now on, and for who waits already.</summary>
    public void Say(LookupResult result)
    {
        lock (_lock)
        {
            if (!_answer.TrySetResult(result))
                (_answer = new()).SetResult(result);
        }
    }

    /// <summary>These addresses, with a TTL in seconds.</summary>
    public void Say(int ttl, params string[] addresses) => Say(Good(ttl, addresses));

    public static LookupResult Good(int ttl, params string[] addresses) => new(
        [.. addresses.Select(text => new DiscoveredAddress(IPEndPoint.Parse(text), "db.example"))], TimeSpan.FromSeconds(ttl), LookupFailure.None, null);

    public void Fail(LookupFailure failure) => Say(LookupResult.Failed(failure, $"it is {failure}"));
}
