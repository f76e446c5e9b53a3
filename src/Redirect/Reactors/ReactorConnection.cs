using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Sluice.Redirect.Linux;
using Sluice.Redirect.Maps;
using Sluice.Redirect.Transports;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Reactors;

/// <summary>
/// A connection of the reactor transport. Its socket belongs to whoever asks first: <see cref="Transport"/> makes pipes
/// over it, a splicer takes it as it is. All that a spliced connection does not need is made when somebody asks.
/// </summary>
internal class ReactorConnection : ConnectionContext,
    IConnectionEndPointFeature, IConnectionIdFeature, IConnectionItemsFeature, IConnectionLifetimeFeature,
    IConnectionTransportFeature, IMapSocketFeature, IMemoryPoolFeature, IRemoteAddressFeature
{
    private readonly StreamSocket _socket;
    private ConnectionExtras? _extras;

    /// <summary>A connection that is there already. The base class has the room for its addresses.</summary>
    /// <param name="socket">Watched by its reactor.</param>
    /// <param name="remote">The other end's address.</param>
    /// <param name="local">The local address where it is known; null to ask the kernel.</param>
    internal ReactorConnection(StreamSocket socket, EndPoint? remote, EndPoint? local = null)
    {
        _socket = socket;
        base.RemoteEndPoint = remote;
        base.LocalEndPoint = local;
    }

    internal Reactor Reactor => _socket.Reactor;

    /// <summary>For looking at. Whoever moves its bytes takes it by <see cref="TakeSocket"/>.</summary>
    internal StreamSocket Socket => _socket;

    /// <inheritdoc/>
    public override string ConnectionId
    {
        get => Extras.Id;
        set => Extras.Id = value;
    }

    /// <inheritdoc/>
    public override IFeatureCollection Features => Extras.Features ??= CreateFeatures();

    /// <inheritdoc/>
    public override IDictionary<object, object?> Items
    {
        get => Extras.Items;
        set => Extras.Items = value;
    }

    /// <inheritdoc/>
    public override IDuplexPipe Transport
    {
        get => Extras.Transport ??= OpenPipes();
        set => Extras.Transport = value;
    }

    /// <inheritdoc/>
    public override EndPoint? LocalEndPoint
    {
        get => base.LocalEndPoint ??= _socket.LocalAddress().ToEndPoint();
        set => base.LocalEndPoint = value;
    }

    /// <inheritdoc/>
    public override CancellationToken ConnectionClosed
    {
        get
        {
            CancellationToken token = Extras.Closed.Token;
            if (!_socket.IsOpen)
                TellClosed();
            return token;
        }

        set => throw new NotSupportedException("The transport tells when its connection has closed");
    }

    MemoryPool<byte> IMemoryPoolFeature.MemoryPool => MemoryPool<byte>.Shared;

    IMapSocket IMapSocketFeature.Socket => _socket;

    /// <summary>The other end's address in bytes. The kernel forgets it when the connection is reset.</summary>
    private protected virtual PackedAddress RemoteAddress =>
        new(base.RemoteEndPoint is IPEndPoint known ? SocketAddressBuffer.From(known) : _socket.RemoteAddress());

    private PackedAddress LocalAddress =>
        new(base.LocalEndPoint is IPEndPoint known && _socket.IsOpen ? SocketAddressBuffer.From(known) : _socket.LocalAddress());

    private ConnectionExtras Extras => _extras ??= new ConnectionExtras();

    /// <summary>Hands the socket to a splicer, which closes it. Only before <see cref="Transport"/> was used.</summary>
    internal StreamSocket TakeSocket()
    {
        if (_extras?.Pipes is not null || _socket.IsTaken)
            throw new InvalidOperationException("The connection's bytes are already being read");

        _socket.Take();
        return _socket;
    }

    /// <summary>Ends the connection with RST. Safe from any thread.</summary>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        if (Reactor.Current == Reactor)
            Reset(abortReason);
        else
            Reactor.Post(_ => Reset(abortReason), null);
    }

    /// <summary>Closes: in order after pipes were used, at once otherwise. Safe from any thread.</summary>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_extras?.Pipes is { } pipes)
            await pipes.CloseAsync();
        else if (Reactor.Current == Reactor)
            _socket.Close();
        else
            Reactor.Post(static socket => ((StreamSocket)socket!).Close(), _socket);

        TellClosed();
    }

    /// <summary>Lets <see cref="ConnectionClosed"/> know that nothing more will come.</summary>
    internal void TellClosed() => _extras?.TellClosed();

    bool IMapSocketFeature.TryGetKey(out SocketKey key)
    {
        Span<byte> addresses = stackalloc byte[2 * PackedAddress.MappedSize];
        Span<byte> remote = addresses[..PackedAddress.MappedSize];
        Span<byte> local = addresses[PackedAddress.MappedSize..];
        bool found = RemoteAddress.TryMap(remote, out ushort remotePort);
        found &= LocalAddress.TryMap(local, out ushort localPort);
        key = found ? new SocketKey(remote, remotePort, local, localPort) : default;
        return found;
    }

    bool IRemoteAddressFeature.TryGetRemoteAddress(out UInt128 address)
    {
        Span<byte> remote = stackalloc byte[PackedAddress.MappedSize];
        bool found = RemoteAddress.TryMap(remote, out _);
        address = BinaryPrimitives.ReadUInt128BigEndian(remote);
        return found;
    }

    void IConnectionLifetimeFeature.Abort() => Abort(new ConnectionAbortedException());

    private void Reset(Exception reason)
    {
        _extras?.Pipes?.Abort(reason);
        _socket.Reset();
        TellClosed();
    }

    private SocketPipes OpenPipes()
    {
        ObjectDisposedException.ThrowIf(!_socket.IsOpen, this);
        if (_socket.IsTaken)
            throw new InvalidOperationException("The connection's socket was handed to a splicer");

        return Extras.Pipes = new SocketPipes(_socket, TellClosed);
    }

    private FeatureCollection CreateFeatures()
    {
        var features = new FeatureCollection(8);
        features.Set<IConnectionEndPointFeature>(this);
        features.Set<IConnectionIdFeature>(this);
        features.Set<IConnectionItemsFeature>(this);
        features.Set<IConnectionLifetimeFeature>(this);
        features.Set<IConnectionTransportFeature>(this);
        features.Set<IMapSocketFeature>(this);
        features.Set<IMemoryPoolFeature>(this);
        return features;
    }
}
