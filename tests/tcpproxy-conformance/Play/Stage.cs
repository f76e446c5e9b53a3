using System.Net;
using System.Net.Sockets;
using TcpProxyConformance.Wire;

namespace TcpProxyConformance.Play;

/// <summary>Where one case is played once: over a proxy, or over none. Whatever it opened ends with it, by RST.</summary>
internal sealed class Stage(EndPoint way, Upstream upstream, Bounds bounds, int seed, Deadline deadline) : IDisposable
{
    private readonly List<Side> _sides = [];
    private ulong _contents;

    public Upstream Upstream => upstream;

    public Bounds Bounds => bounds;

    public CancellationToken Deadline => deadline.Token;

    /// <summary>For cuts and sizes: the same for the same seed.</summary>
    public Random Random { get; } = new(seed);

    /// <summary>Bytes that no other stream of this case has.</summary>
    public Content Draw(long length) => new(((ulong)seed << 32) ^ (Interlocked.Increment(ref _contents) << 20), length);

    /// <summary>Connects, and waits until both ends have found each other.</summary>
    /// <param name="first">Who says something for that.</param>
    /// <param name="buffer">SO_SNDBUF and SO_RCVBUF at both ends; 0: the kernel's.</param>
    public async Task<Link> ConnectAsync(Speaks first = Speaks.Client, int buffer = 0)
    {
        upstream.First = first;
        Side client = await DialAsync(buffer);
        uint number = first == Speaks.Client ? await IntroduceAsync(client)
            : Token.NumberIn(await client.ReceiveExactlyAsync(Token.Size))
                ?? throw new Failure("the upstream's first bytes at the client", "others", "wrong bytes");
        return await ArriveAsync(client, number, buffer);
    }

    /// <summary>Connects to the proxy, and says nothing.</summary>
    public async Task<Side> DialAsync(int buffer = 0)
    {
        var socket = new Socket(way.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Limit(socket, buffer);
        Side client = Own(Party.Client, socket);
        try
        {
            await socket.ConnectAsync(way, deadline.Token);
            deadline.Moved();
            return client;
        }
        catch (SocketException error)
        {
            throw new Failure("a connection is accepted", $"connect answered {error.SocketErrorCode}", error.SocketErrorCode.ToString());
        }
    }

    /// <summary>Says who the client is.</summary>
    public async Task<uint> IntroduceAsync(Side client)
    {
        uint number = upstream.NextNumber();
        await client.SendAsync(Token.Of(number));
        return number;
    }

    /// <summary>The other end of a client that has been introduced.</summary>
    public async Task<Link> ArriveAsync(Side client, uint number, int buffer = 0)
    {
        Socket socket = await upstream.ClaimAsync(number, deadline.Token);
        deadline.Moved();
        Limit(socket, buffer);
        return new Link(client, Own(Party.Upstream, socket));
    }

    /// <summary>Nothing happens for so long.</summary>
    public Task StayAsync(TimeSpan time) => deadline.StayAsync(time);

    /// <summary>What the ends have seen, for a case that got stuck.</summary>
    public override string ToString()
    {
        lock (_sides)
            return _sides.Count == 0 ? "nothing was opened" : string.Join("; ", _sides.TakeLast(2)) + (_sides.Count > 2 ? $"; {_sides.Count - 2} ends before" : "");
    }

    public void Dispose()
    {
        lock (_sides)
            _sides.ForEach(side => side.SendReset());
        upstream.Forget();
    }

    private Side Own(Party party, Socket socket)
    {
        var side = new Side(party, socket, deadline);
        lock (_sides)
            _sides.Add(side);
        return side;
    }

    private static void Limit(Socket socket, int buffer)
    {
        if (buffer > 0)
            (socket.SendBufferSize, socket.ReceiveBufferSize) = (buffer, buffer);
    }
}
