using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Sluice.Functional.Wire;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Transports;

namespace Sluice.Functional;

/// <summary>A proxy in a process of its own, which may be killed: this assembly, of which it runs nothing but <see cref="Serve"/>.</summary>
public sealed class KilledProxy
{
    private const string Variable = "SLUICE_TEST_PROXY_TO";

    /// <summary>Starts it. It tells its endpoint through the first connection that it makes to the upstream.</summary>
    internal static async Task<(Process Process, IPEndPoint EndPoint)> StartAsync(Server upstream)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["-explicit", "only", "-method", "*KilledProxy.Serve"]) { RedirectStandardOutput = true };
        start.Environment[Variable] = upstream.EndPoint.ToString();
        Process process = Process.Start(start)!;
        using Socket told = await upstream.AcceptAsync();
        (byte[] endPoint, _) = await told.ReceiveToEndAsync();
        return (process, IPEndPoint.Parse(Encoding.ASCII.GetString(endPoint)));
    }

    /// <summary>Not a test.</summary>
    [Fact(Explicit = true)]
    public async Task Serve()
    {
        if (!IPEndPoint.TryParse(Environment.GetEnvironmentVariable(Variable) ?? "", out IPEndPoint? upstream))
            return;

        await using ReactorTransport transport = (ReactorTransport)TransportUnderTest.Create();
        IReadOnlyList<IConnectionListener> listeners = await transport.BindAsync(Sockets.AnyV4);
        using (Socket telling = await Sockets.DialAsync(upstream))
            await telling.SendAllAsync(Encoding.ASCII.GetBytes(listeners[0].EndPoint.ToString()!));
        await Task.WhenAll(listeners.Select(one => transport.RunAsync(one, async listener =>
        {
            while (await listener.AcceptAsync(Deadline.Token) is { } client)
                _ = SpliceAsync(transport, client, upstream);
        })));
    }

    private static async Task SpliceAsync(ReactorTransport transport, ConnectionContext client, IPEndPoint upstream)
    {
        ConnectResult dialled = await transport.ConnectAsync(upstream, TimeSpan.FromSeconds(30));
        var limits = new SpliceLimits(TimeSpan.FromHours(1), TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        await transport.Splicer.SpliceAsync(new SplicePair(client, dialled.Connection!, limits, new ByteMeter()));
    }
}
