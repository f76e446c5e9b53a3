using System.Net.Sockets;
using Sluice.Functional.Wire;

namespace Sluice.Functional.Stress;

/// <summary>Plays a case on the two ends of a connection.</summary>
internal sealed class Connection : IDisposable
{
    private readonly Case _case;
    private readonly Socket _client;
    private readonly Socket _server;
    private readonly Random _random;
    private readonly Way _up;
    private readonly Way _down;

    public Connection(Case drawn, Socket client, Socket server)
    {
        (_case, _client, _server) = (drawn, client, server);
        _random = new Random(drawn.Seed ^ 0x5eed);
        int urgent = drawn.Course == Course.Urgent ? 8 : 0;
        if (urgent > 0)
        {
            // Where no proxy turns it into ordinary data, a receiver that did not want it inline would miss it.
            client.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.OutOfBandInline, true);
            server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.OutOfBandInline, true);
        }

        bool mayBeReset = drawn.Resets();
        _up = new Way("up", client, server, drawn.Client, drawn.Server, _random) { MayBeReset = mayBeReset, Urgent = urgent };
        _down = new Way("down", server, client, drawn.Server, drawn.Client, _random) { MayBeReset = mayBeReset, Urgent = urgent };
    }

    public override string ToString() => $"{_case}\n  {_up}\n  {_down}";

    public Task PlayAsync() => _case.Course switch
    {
        Course.ClientFirst => PlayAsync(_up, _down, whenToAnswer: _up.Ended),
        Course.ServerFirst => PlayAsync(_down, _up, whenToAnswer: _down.Ended),
        Course.PingPong => PingPongAsync(),
        Course.ClientHolds => HoldAsync(_down, _up),
        Course.ServerHolds => HoldAsync(_up, _down),
        Course.ClientResets => ResetAsync(_client, _up, _down),
        Course.ServerResets => ResetAsync(_server, _down, _up),
        _ => PlayAsync(_up, _down, Task.CompletedTask),
    };

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    private static Task PlayAsync(Way one, Way other, Task whenToAnswer) =>
        Task.WhenAll(SendToEndAsync(one, Task.CompletedTask), one.ReceiveAllAsync(), SendToEndAsync(other, whenToAnswer), other.ReceiveAllAsync());

    private static async Task SendToEndAsync(Way way, Task when)
    {
        await when;
        await way.SendAllAsync();
        way.Finish();
    }

    // Nothing of the first is read until all of the second has arrived.
    private static async Task HoldAsync(Way held, Way other)
    {
        Task sending = SendToEndAsync(held, Task.CompletedTask);
        await Task.WhenAll(SendToEndAsync(other, Task.CompletedTask), other.ReceiveAllAsync());
        await Task.WhenAll(sending, held.ReceiveAllAsync());
    }

    private async Task PingPongAsync()
    {
        foreach (Way way in Turns())
        {
            int size = way.NextMessage(_random);
            await Task.WhenAll(way.SendAsync(size), way.ReceiveAsync(size));
        }

        await PlayAsync(_up, _down, Task.CompletedTask); // what is left
    }

    private IEnumerable<Way> Turns()
    {
        for (int rounds = _random.Next(10, 100); rounds > 0; rounds--)
        {
            yield return _up;
            yield return _down;
        }
    }

    private async Task ResetAsync(Socket resetting, Way from, Way to)
    {
        Task sending = Task.WhenAll(SendToEndAsync(to, Task.CompletedTask), from.ReceiveAllAsync());
        Task receiving = IgnoreOwnResetAsync(to.ReceiveAllAsync());
        await from.SendAsync(_case.ResetAfter);
        resetting.Reset();
        await Task.WhenAll(sending, receiving);
        Assert.True(from.WasReset || to.WasReset, $"{from}: the reset was not passed on");
    }

    private static async Task IgnoreOwnResetAsync(Task receiving)
    {
        try
        {
            await receiving;
        }
        catch (Exception error) when (error is ObjectDisposedException or SocketException)
        {
            // The socket was taken away under it.
        }
    }
}
