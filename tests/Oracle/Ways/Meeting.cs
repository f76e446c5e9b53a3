using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Sluice.Functional.Wire;

namespace Sluice.Oracle.Ways;

/// <summary>
/// A server that finds out which of its sockets belongs to which client, however many connect at a time and whatever is between: the
/// side that speaks first begins with a number.
/// </summary>
internal sealed class Meeting : IDisposable
{
    private readonly bool _serverSpeaksFirst;
    private readonly Server _server = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<long, TaskCompletionSource<Socket>> _arrivals = new();
    private long _last;

    public Meeting(bool serverSpeaksFirst)
    {
        _serverSpeaksFirst = serverSpeaksFirst;
        _ = AcceptAsync();
    }

    public EndPoint EndPoint => _server.EndPoint;

    public string Address => EndPoint.ToString()!;

    /// <summary>Connects over a way that leads here; both ends have heard of each other when it returns.</summary>
    public async Task<(Socket Client, Socket Server)> ConnectAsync(EndPoint way)
    {
        Socket client = await Sockets.DialAsync(way).OrHung("the way to accept");
        try
        {
            long number;
            if (_serverSpeaksFirst)
            {
                number = BitConverter.ToInt64(await client.ReceiveExactlyAsync(sizeof(long)).OrHung("the server's first word"));
            }
            else
            {
                number = Interlocked.Increment(ref _last);
                await client.SendAllAsync(BitConverter.GetBytes(number));
            }

            Socket server = await Arrival(number).OrHung("the connection to arrive");
            _arrivals.TryRemove(number, out _);
            await AnswerAsync(client, server);
            return (client, server);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _server.Dispose();
        foreach (TaskCompletionSource<Socket> arrival in _arrivals.Values.Where(arrival => arrival.Task.IsCompletedSuccessfully))
            arrival.Task.Result.Dispose();
        _stop.Dispose();
    }

    private Task<Socket> Arrival(long number) => Slot(number).Task;

    private TaskCompletionSource<Socket> Slot(long number) => _arrivals.GetOrAdd(number, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    // So that the way is open in the other direction as well, and a reset is never one of a connect.
    private async Task AnswerAsync(Socket client, Socket server)
    {
        (Socket from, Socket to) = _serverSpeaksFirst ? (client, server) : (server, client);
        await from.SendAllAsync(new byte[1]);
        await to.ReceiveExactlyAsync(1).OrHung("the answer to the first word");
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = IntroduceAsync(await _server.AcceptAsync(_stop.Token));
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The meeting is over.
        }
    }

    private async Task IntroduceAsync(Socket socket)
    {
        try
        {
            long number = Interlocked.Increment(ref _last);
            if (_serverSpeaksFirst)
                await socket.SendAllAsync(BitConverter.GetBytes(number));
            else
                number = BitConverter.ToInt64(await socket.ReceiveExactlyAsync(sizeof(long)));
            Slot(number).TrySetResult(socket);
        }
        catch (Exception broken) when (broken is SocketException or IOException)
        {
            socket.Dispose(); // the client misses it, and says so
        }
    }
}
