using System.Net;
using System.Net.Sockets;
using Sluice.ProxyHost.Tests.Hosting;
using Sluice.ProxyHost.Upstreams;

namespace Sluice.ProxyHost.Tests.Upstreams;

public class HostNameResolverTests
{
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(30);
    private readonly ManualClock _clock = new();
    private int _lookUps;

    [Fact]
    public async Task An_answer_serves_for_five_seconds_and_no_longer()
    {
        HostNameResolver resolver = Resolver(n => Task.FromResult(Address(n)));
        Assert.Equal("10.0.0.1:80", Text(await resolver.ResolveAsync(Patient)));
        _clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal("10.0.0.1:80", Text(await resolver.ResolveAsync(Patient)));
        _clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal("10.0.0.2:80", Text(await resolver.ResolveAsync(Patient)));
    }

    [Fact]
    public async Task Everyone_who_waits_shares_one_look_up()
    {
        var answer = new TaskCompletionSource<IPAddress[]>();
        HostNameResolver resolver = Resolver(_ => answer.Task);
        Task<NameResolution>[] waiting = [.. Enumerable.Range(0, 20).Select(_ => resolver.ResolveAsync(Patient).AsTask())];
        answer.SetResult(Address(7));
        Assert.All(await Task.WhenAll(waiting), resolution => Assert.Equal("10.0.0.7:80", Text(resolution)));
        Assert.Equal(1, _lookUps);
    }

    [Fact]
    public async Task A_failed_look_up_falls_back_on_the_last_answer_and_says_so()
    {
        HostNameResolver resolver = Resolver(n => n == 1 ? Task.FromResult(Address(1)) : Task.FromException<IPAddress[]>(new SocketException(11)));
        await resolver.ResolveAsync(Patient);
        _clock.Advance(TimeSpan.FromSeconds(6));
        NameResolution stale = await resolver.ResolveAsync(Patient);
        Assert.Equal("10.0.0.1:80", Text(stale));
        Assert.StartsWith("db.example: ", stale.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_name_is_a_value()
    {
        HostNameResolver resolver = Resolver(_ => Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound)));
        NameResolution none = await resolver.ResolveAsync(Patient);
        Assert.Empty(none.Addresses);
        Assert.StartsWith("db.example: ", none.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_resolver_that_does_not_answer_is_not_waited_for_beyond_the_bound()
    {
        HostNameResolver resolver = Resolver(_ => new TaskCompletionSource<IPAddress[]>().Task);
        NameResolution none = await resolver.ResolveAsync(TimeSpan.FromMilliseconds(20)).AsTask().WaitAsync(Patient, TestContext.Current.CancellationToken);
        Assert.Equal("db.example: the resolver did not answer within 0.02 s", none.Trouble);
    }

    private static IPAddress[] Address(int last) => [new IPAddress([10, 0, 0, (byte)last])];

    private static string Text(NameResolution resolution) => Assert.Single(resolution.Addresses).ToString()!;

    private HostNameResolver Resolver(Func<int, Task<IPAddress[]>> answer) =>
        new("db.example", 80, _clock, _ => answer(Interlocked.Increment(ref _lookUps)));
}
