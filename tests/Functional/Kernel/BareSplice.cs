using System.Net.Sockets;
using Sluice.Functional.Wire;
using Sluice.Redirect;
using Sluice.Redirect.Linux;
using Sluice.Redirect.Splicing.Kernel;

namespace Sluice.Functional;

/// <summary>Two connections with the maps and programs between them and no proxy: <see cref="In"/> arrives at the first, and the second sends it on.</summary>
internal sealed class BareSplice : IDisposable
{
    private readonly BpfMap _events;
    private readonly SpliceTable _table;
    private readonly SpliceSockets _sockets;
    private readonly Server _listener;

    private BareSplice(BpfMap events, SpliceTable table, SpliceSockets sockets, Server listener) =>
        (_events, _table, _sockets, _listener) = (events, table, sockets, listener);

    /// <summary>Its bytes arrive at <see cref="First"/>.</summary>
    public required Socket In { get; init; }

    /// <summary>The pair's client socket.</summary>
    public required Socket First { get; init; }

    /// <summary>The pair's upstream socket.</summary>
    public required Socket Second { get; init; }

    /// <summary>What <see cref="Second"/> sends arrives here.</summary>
    public required Socket Out { get; init; }

    public ref SpliceRecord Record => ref _table[0];

    public static Task<BareSplice> CreateAsync() => CreateAsync(KernelUnderTest.CreateEngine(new OffloadOptions()));

    /// <summary>Puts both sockets into the maps.</summary>
    public void Insert()
    {
        _ = _table.Rent(null!);
        Assert.Equal(Errno.None, _table.Know(CookieOf(First), 0));
        Assert.Equal(Errno.None, _table.Know(CookieOf(Second), 1));
        Assert.Equal(Errno.None, _sockets.InsertClient(0, (int)First.Handle));
        Assert.Equal(Errno.None, _sockets.InsertUpstream(1, (int)Second.Handle));
    }

    public void Dispose()
    {
        In.Dispose();
        First.Dispose();
        Second.Dispose();
        Out.Dispose();
        _listener.Dispose();
        _sockets.Dispose();
        _table.Dispose();
        _events.Dispose();
    }

    private static async Task<BareSplice> CreateAsync(KernelEngine engine)
    {
        const int Buffer = 4 * 1024 * 1024;
        Assert.Equal(Errno.None, BpfMap.Create(BpfMapType.RingBuffer, "sluice_events", 0, 0, (uint)Environment.SystemPageSize, 0, out BpfMap? events));
        Assert.Equal(Errno.None, SpliceTable.TryCreate(1, out SpliceTable? table));
        Errno errno = SpliceSockets.TryCreate(engine, table!, events!, default, out SpliceSockets? sockets, out string log);
        Assert.True(errno == Errno.None, $"{errno}: {log}");
        var listener = new Server(null, Buffer, Buffer);
        Socket into = await Sockets.DialAsync(listener.EndPoint, Buffer, Buffer);
        Socket first = await listener.AcceptAsync();
        Socket second = await Sockets.DialAsync(listener.EndPoint, Buffer, Buffer);
        Socket outOf = await listener.AcceptAsync();
        return new BareSplice(events!, table!, sockets!, listener) { In = into, First = first, Second = second, Out = outOf };
    }

    private static ulong CookieOf(Socket socket)
    {
        const int SolSocket = 1, SoCookie = 57;
        Span<byte> cookie = stackalloc byte[sizeof(ulong)];
        socket.GetRawSocketOption(SolSocket, SoCookie, cookie);
        return BitConverter.ToUInt64(cookie);
    }
}
