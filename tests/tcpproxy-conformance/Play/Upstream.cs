using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using TcpProxyConformance.Wire;

namespace TcpProxyConformance.Play;

/// <summary>
/// The address that the proxy forwards to: listens there, accepts, and finds out which client each connection belongs to. It can also
/// refuse, or let connections wait in its backlog.
/// </summary>
internal sealed class Upstream : IDisposable
{
    private const int Backlog = 4096;
    private const int MostTries = 1000;

    private readonly ConcurrentDictionary<uint, TaskCompletionSource<Socket>> _arrivals = new();
    private readonly ConcurrentQueue<Stranger> _strangers = new();
    private Socket? _listening;
    private uint _last;

    /// <summary>Binds and listens, and accepts. SocketException: somebody else has the port.</summary>
    public Upstream(IPEndPoint bind)
    {
        EndPoint = bind;
        Listen(Backlog);
        Accept();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; private set; }

    /// <summary>Where it is reached from this machine without a proxy.</summary>
    public IPEndPoint Direct => EndPoint.Address.Equals(IPAddress.Any) ? new(IPAddress.Loopback, EndPoint.Port)
        : EndPoint.Address.Equals(IPAddress.IPv6Any) ? new(IPAddress.IPv6Loopback, EndPoint.Port)
        : EndPoint;

    /// <summary>Who begins on the connections that are accepted from now on.</summary>
    public Speaks First { get; set; }

    /// <summary>Connections that have come and belong to none of the tool's clients.</summary>
    public IReadOnlyCollection<Stranger> Strangers => _strangers;

    /// <summary>Connections that have been accepted in all.</summary>
    public int Accepted { get; private set; }

    public uint NextNumber() => Interlocked.Increment(ref _last);

    /// <summary>The connection with this number, once it has come.</summary>
    public async Task<Socket> ClaimAsync(uint number, CancellationToken deadline)
    {
        Socket socket = await Slot(number).Task.WaitAsync(deadline);
        _arrivals.TryRemove(number, out _);
        return socket;
    }

    /// <summary>Closes whatever came and was not claimed.</summary>
    public void Forget()
    {
        _strangers.Clear();
        foreach (uint number in _arrivals.Keys)
        {
            if (_arrivals.TryRemove(number, out TaskCompletionSource<Socket>? arrival) && arrival.Task.IsCompletedSuccessfully)
                arrival.Task.Result.Dispose();
        }
    }

    /// <summary>Listens no more: whoever connects is answered with RST by the kernel.</summary>
    public void Refuse() => _listening?.Dispose();

    /// <summary>Listens again, and leaves connections in a backlog of so many until <see cref="Accept"/>.</summary>
    public async Task ListenAsync(int backlog = Backlog)
    {
        Refuse();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        for (int tries = 1; ; tries++)
        {
            try
            {
                Listen(backlog);
                return;
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse && tries < MostTries)
            {
                // A process that is just being started has a copy of what was listened on, until it becomes another program.
                await tick.WaitForNextTickAsync();
            }
        }
    }

    /// <summary>Accepts what comes from now on and what waits.</summary>
    public void Accept() => _ = AcceptAsync(_listening!);

    public void Dispose()
    {
        Refuse();
        Forget();
    }

    private void Listen(int backlog)
    {
        var socket = new Socket(EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(EndPoint);
            socket.Listen(backlog);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        EndPoint = (IPEndPoint)socket.LocalEndPoint!;
        _listening = socket;
    }

    private TaskCompletionSource<Socket> Slot(uint number) =>
        _arrivals.GetOrAdd(number, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    private async Task AcceptAsync(Socket listening)
    {
        try
        {
            while (true)
            {
                Socket socket = await listening.AcceptAsync();
                socket.NoDelay = true;
                Accepted++;
                _ = IntroduceAsync(socket, First);
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // It refuses from now on.
        }
    }

    private async Task IntroduceAsync(Socket socket, Speaks first)
    {
        byte[] token = new byte[Token.Size];
        int have = 0;
        try
        {
            if (first == Speaks.Upstream)
            {
                uint number = NextNumber();
                await socket.SendAsync(Token.Of(number));
                Slot(number).TrySetResult(socket);
                return;
            }

            while (have < token.Length && await socket.ReceiveAsync(token.AsMemory(have)) is > 0 and var count)
                have += count;
            if (Token.NumberIn(token.AsSpan(0, have)) is { } claimed)
                Slot(claimed).TrySetResult(socket);
            else
                Meet(new Stranger(token[..have], have < token.Length ? End.Fin : End.None), socket);
        }
        catch (SocketException)
        {
            Meet(new Stranger(token[..have], End.Rst), socket);
        }
    }

    private void Meet(Stranger stranger, Socket socket)
    {
        _strangers.Enqueue(stranger);
        socket.Dispose();
    }
}
