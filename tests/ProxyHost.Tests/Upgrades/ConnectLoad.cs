using System.Net;
using System.Net.Sockets;
using Sluice.ProxyHost.Tests.Hosting;

namespace Sluice.ProxyHost.Tests.Upgrades;

/// <summary>Clients that connect, ask, hear the answer and close, again and again, and count what fails.</summary>
internal sealed class ConnectLoad : IAsyncDisposable
{
    private readonly EndPoint _address;
    private readonly CancellationTokenSource _stop = new();
    private readonly int[] _rounds;
    private readonly Task[] _clients;
    private int _refused;
    private int _lost;
    private volatile string _trouble = "";

    public ConnectLoad(EndPoint address, int clients = 8)
    {
        (_address, _rounds) = (address, new int[clients]);
        _clients = [.. Enumerable.Range(0, clients).Select(RunAsync)];
    }

    /// <summary>Connections that nobody accepted, or that nobody listened for.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>Connections that were made and ended without an answer.</summary>
    public int Lost => Volatile.Read(ref _lost);

    /// <summary>Waits until each client has had two rounds more: one of them has begun after this.</summary>
    public async Task TwoRoundsAsync()
    {
        int[] before = [.. _rounds];
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (Enumerable.Range(0, before.Length).Any(client => Volatile.Read(ref _rounds[client]) < before[client] + 2))
        {
            if (Array.Find(_clients, client => client.IsCompleted) is { } ended)
                await ended; // a defect of the test
            await tick.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Ends it. Nothing was refused, and not more were lost.</summary>
    public async Task StopAsync(int mostLost = 0)
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_clients);
        Assert.True(Refused == 0, $"{Refused} were refused: {_trouble}");
        Assert.InRange(Lost, 0, mostLost);
        Assert.All(_rounds, rounds => Assert.True(rounds > 0));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_clients);
        _stop.Dispose();
    }

    private async Task RunAsync(int client)
    {
        for (; !_stop.IsCancellationRequested; Interlocked.Increment(ref _rounds[client]))
        {
            using var socket = new Socket(_address.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(_address, TestContext.Current.CancellationToken);
            }
            catch (SocketException refused)
            {
                Interlocked.Increment(ref _refused);
                _trouble = refused.Message;
                continue;
            }

            try
            {
                await socket.SayAsync("?");
                socket.Shutdown(SocketShutdown.Send);
                if (await socket.ReadToEndAsync() is not [(byte)'?'])
                    Interlocked.Increment(ref _lost);
            }
            catch (SocketException)
            {
                Interlocked.Increment(ref _lost);
            }
        }
    }
}
