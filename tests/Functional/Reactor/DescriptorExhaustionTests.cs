using System.Collections.Concurrent;
using System.Net.Sockets;
using Sluice.Functional.Proxy;
using Sluice.Functional.Wire;
using Sluice.Redirect;
using Sluice.Redirect.Reactors;
using Sluice.Redirect.Transports;

namespace Sluice.Functional;

/// <summary>Without descriptors accepting pauses and tells; connections that exist go on; then accepting goes on by itself.</summary>
public sealed class DescriptorExhaustionTests
{
    [Fact(Timeout = 60_000)]
    public async Task AcceptingPausesAndRecovers()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/prlimit"), "prlimit(1) of util-linux is not installed");
        var failures = new ConcurrentQueue<Errno>();
        using var limit = new DescriptorLimit();
        await using Link link = await Link.OpenAsync(transport: () => new ReactorTransport(
            new ReactorTransportOptions { Reactors = 1, AcceptFailed = (_, errno) => failures.Enqueue(errno) }));
        Socket[] waiting = [.. Enumerable.Range(0, 8).Select(_ => Sockets.Create(link.Proxy.EndPoint))];
        try
        {
            await limit.ForbidMoreAsync();
            foreach (Socket client in waiting)
                await client.ConnectAsync(link.Proxy.EndPoint, Deadline.Token);

            // Three, so that trying again is seen and not only the first refusal.
            await Deadline.UntilAsync(() => failures.Count >= 3, () => "accepting to fail three times");
            Assert.All(failures, errno => Assert.Equal(Errno.EMFILE, errno));
            await link.Client.SendAllAsync("still here"u8.ToArray());
            Assert.Equal("still here"u8.ToArray(), await link.Server.ReceiveExactlyAsync(10).OrHung("an existing connection"));

            await limit.RestoreAsync();
            for (int i = 0; i < waiting.Length; i++)
                await link.Proxy.NextPairAsync();
        }
        finally
        {
            foreach (Socket client in waiting)
                client.Dispose();
        }
    }
}
