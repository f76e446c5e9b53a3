using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Sluice.Redirect.Reactors;

namespace Sluice.Redirect.Tests.Reactors;

public sealed class UnbindTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Connections_in_the_kernels_queue_are_still_accepted_and_the_address_is_free_afterwards()
    {
        await using var transport = new ReactorTransportFactory(new ReactorTransportOptions { Reactors = 1 });
        IConnectionListener listener = Assert.Single(await transport.BindEachAsync(new IPEndPoint(IPAddress.Loopback, 0)));
        var clients = new List<Socket>();
        int accepted = 0;

        await transport.Reactors[0].InvokeAsync(async () =>
        {
            ValueTask<ConnectionContext?> accepting = listener.AcceptAsync(TestContext.Current.CancellationToken);
            for (int i = 0; i < 3; i++)
            {
                // Blocking the reactor: the kernel completes these, and nobody accepts them before the unbind has begun.
                var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
                client.Connect(listener.EndPoint);
                clients.Add(client);
            }

            Task unbinding = listener.UnbindAsync(TestContext.Current.CancellationToken).AsTask();
            while (await accepting is { } connection)
            {
                accepted++;
                connection.Abort(new ConnectionAbortedException());
                accepting = listener.AcceptAsync(TestContext.Current.CancellationToken);
            }

            await unbinding.WaitAsync(Bound);
            return true;
        }).WaitAsync(Bound, TestContext.Current.CancellationToken);

        Assert.Equal(3, accepted);
        using var again = new Socket(SocketType.Stream, ProtocolType.Tcp);
        again.Bind(listener.EndPoint);
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task Without_anyone_accepting_it_closes_at_once()
    {
        await using var transport = new ReactorTransportFactory(new ReactorTransportOptions { Reactors = 2 });
        foreach (IConnectionListener listener in await transport.BindEachAsync(new IPEndPoint(IPAddress.Loopback, 0)))
            await listener.UnbindAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Bound, TestContext.Current.CancellationToken);
    }
}
