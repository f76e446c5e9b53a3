using System.Net;
using System.Net.Sockets;
using Sluice.Functional.Wire;
using Sluice.Programs.Processes;

namespace Sluice.Soak.Load;

/// <summary>An endpoint that comes and goes beside one that stays, with probes that see it.</summary>
internal sealed class FlappingServer
{
    private readonly IPEndPoint _listens = new(IPAddress.Loopback, Ports.Free());
    private readonly IPEndPoint _way = new(IPAddress.Loopback, Ports.Free());
    private int _flaps;
    private int _visits;
    private int _broken;

    /// <summary>The configuration with it.</summary>
    public string AddTo(string yaml) => yaml
        .Replace("listeners:\n", $"listeners:\n  - name: flapping\n    listen: {_way}\n    cluster: flapping\n", StringComparison.Ordinal)
        .Replace("clusters:\n", $"clusters:\n  - name: flapping\n    endpoints: [\"{_listens}\", \"builtin:echo\"]\n    health_check: {{ interval: 100ms, timeout: 100ms, rise: 1, fall: 1 }}\n", StringComparison.Ordinal);

    /// <summary>Listens for half a second and is away for as long.</summary>
    public async Task FlapAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            using (var server = new Server(_listens))
            using (var away = CancellationTokenSource.CreateLinkedTokenSource(stop))
            {
                away.CancelAfter(500);
                await EchoAsync(server, away.Token);
            }

            _flaps++;
            await Task.Delay(500, Deadline.Token);
        }
    }

    /// <summary>Visits whoever is there. What breaks because the endpoint goes away meanwhile is only counted.</summary>
    public async Task VisitAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using Socket socket = await Sockets.DialAsync(_way);
                await socket.SendAllAsync("x"u8.ToArray());
                await socket.ReceiveExactlyAsync(1).OrHung("an echo of one of two endpoints");
                _visits++;
            }
            catch (Exception error) when (error is SocketException or EndOfStreamException)
            {
                _broken++;
            }

            await Task.Delay(5, Deadline.Token);
        }
    }

    public override string ToString() => $"{_visits} visits to an endpoint that went away {_flaps} times ({_broken} met it going)";

    private static async Task EchoAsync(Server server, CancellationToken away)
    {
        try
        {
            while (true)
                _ = EchoAsync(await server.AcceptAsync(away));
        }
        catch (OperationCanceledException)
        {
            // It goes away.
        }
    }

    private static async Task EchoAsync(Socket socket)
    {
        using Socket own = socket;
        try
        {
            await own.SendAllAsync(await own.ReceiveExactlyAsync(1));
        }
        catch (Exception error) when (error is SocketException or EndOfStreamException)
        {
            // A probe, which says nothing.
        }
    }
}
