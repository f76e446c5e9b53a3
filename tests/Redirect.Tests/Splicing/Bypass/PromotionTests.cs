using System.Net;
using System.Net.Sockets;
using Sluice.Redirect.Linux;
using Sluice.Redirect.Splicing.Bypass;
using Sluice.Redirect.Tests.Linux;

namespace Sluice.Redirect.Tests.Splicing.Bypass;

/// <summary>Which sockets the promotion program takes, and what it says of those that it does not.</summary>
public sealed class PromotionTests : KernelTest
{
    private const int SolSocket = 1, Tcp = 6;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sockets_that_belong_together_go_into_the_maps(bool isV6)
    {
        using var given = new Given(isV6);
        Assert.Equal(PromotionResult.Promoted, given.Promote());
        Assert.False(given.Maps.IsEmpty());
        given.Maps.RemoveSender(1);
        Assert.True(given.Maps.HasNoSender());
        Assert.False(given.Maps.IsEmpty());
        given.Sink.Dispose();
        Assert.True(given.Maps.IsEmpty());
    }

    [Fact]
    public void A_socket_is_promoted_once()
    {
        using var given = new Given();
        Assert.Equal(PromotionResult.Promoted, given.Promote());
        Assert.Equal(PromotionResult.Storage, given.Promote(request => request with { Key = 2 }));
    }

    [Fact]
    public void A_sender_that_is_not_here_is_remote()
    {
        using var given = new Given();
        Assert.Equal(PromotionResult.Remote, given.Promote(request =>
        {
            request.Sender[11]++; // its port
            return request;
        }));
        Assert.True(given.Maps.IsEmpty());
    }

    /// <summary>A proxy that listens on the port of its upstreams is itself found under the address of one that is elsewhere.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_remote_sender_whose_port_is_listened_on_here_is_remote(bool isV6)
    {
        using var given = new Given(isV6);
        Assert.Equal(PromotionResult.Remote, given.Promote(request =>
        {
            request.Sender = given.TupleOfListenerAnd(isV6 ? IPAddress.Parse("2001:db8::1") : IPAddress.Parse("192.0.2.1"));
            return request;
        }));
        Assert.True(given.Maps.IsEmpty());
    }

    [Fact]
    public void A_socket_of_another_connection_is_told_by_its_sequence_numbers()
    {
        using var given = new Given();
        using var other = new Given();
        Assert.Equal(PromotionResult.Mismatch, given.Promote(request => request with { Sender = other.Request().Sender }));
        Assert.True(given.Maps.IsEmpty());
    }

    [Fact]
    public void The_proxys_own_sockets_must_be_those_of_its_descriptors()
    {
        using var given = new Given();
        Assert.Equal(PromotionResult.OwnSocket, given.Promote(request => request with { SourceCookie = request.SinkCookie }));
        Assert.Equal(PromotionResult.OwnSocket, given.Promote(request => request with { SinkCookie = request.SourceCookie }));
    }

    [Fact]
    public void A_blocking_socket_is_refused()
    {
        using var given = new Given(isBlocking: true);
        Assert.Equal(PromotionResult.Blocking, given.Promote());
    }

    [Theory]
    [InlineData(SolSocket, 18, 2, nameof(PromotionResult.LowWater))] // SO_RCVLOWAT
    [InlineData(SolSocket, 60, 1, nameof(PromotionResult.Completions))] // SO_ZEROCOPY
    [InlineData(SolSocket, 37, 2, nameof(PromotionResult.Completions))] // SO_TIMESTAMPING, of what is sent
    public void What_the_application_has_set_may_stand_against_it(int level, int option, int value, string expected)
    {
        using var given = new Given();
        given.Sender.SetRawSocketOption(level, option, BitConverter.GetBytes(value));
        Assert.Equal(expected, given.Promote().ToString());
        Assert.True(given.Maps.IsEmpty());
    }

    [Fact]
    public void The_kernels_TLS_is_refused()
    {
        const int UpperLayerProtocol = 31; // TCP_ULP
        using var given = new Given();
        try
        {
            given.Sender.SetRawSocketOption(Tcp, UpperLayerProtocol, "tls"u8);
        }
        catch (SocketException missing)
        {
            Assert.Skip($"this kernel has no TLS: {missing.SocketErrorCode}");
        }

        Assert.Equal(PromotionResult.UpperLayer, given.Promote());
    }

    [Fact]
    public void A_connection_that_ends_is_refused()
    {
        using var given = new Given();
        PromotionRequest request = given.Request();
        given.Sender.Shutdown(SocketShutdown.Send);
        Assert.Equal(PromotionResult.State, given.Promote(request));
    }

    /// <summary>A proxied connection without a proxy: two connections, of which the sender has one and a receiver the other.</summary>
    private sealed class Given : IDisposable
    {
        private readonly Socket _listener;
        private readonly Socket _receiver;

        public Given(bool isV6 = false, bool isBlocking = false)
        {
            Errno errno = BypassMaps.TryCreate(BypassProgramTests.Fields(), 8, null, null, out BypassMaps? maps, out string refusal);
            Assert.True(errno == Errno.None, $"{errno}: {refusal}");
            Maps = maps!;
            _listener = new Socket(isV6 ? System.Net.Sockets.AddressFamily.InterNetworkV6 : System.Net.Sockets.AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _listener.Bind(new IPEndPoint(isV6 ? IPAddress.IPv6Loopback : IPAddress.Loopback, 0));
            _listener.Listen();
            (Sender, Source) = Connect(_listener);
            (Sink, _receiver) = Connect(_listener);
            if (!isBlocking)
                Sender.Blocking = false;
        }

        public BypassMaps Maps { get; }

        public Socket Sender { get; }

        public Socket Source { get; }

        public Socket Sink { get; }

        public PromotionRequest Request()
        {
            _ = Syscall.GetCookie((int)Source.Handle, out ulong source);
            _ = Syscall.GetCookie((int)Sink.Handle, out ulong sink);
            return new PromotionRequest
            {
                Sender = TupleOf(Sender, out _), Source = TupleOf(Source, out uint size), Sink = TupleOf(Sink, out _), SourceCookie = source, SinkCookie = sink,
                SourceTupleSize = size, SinkTupleSize = size, Key = 1, Index = 0, Generation = 1,
            };
        }

        /// <summary>Of a connection that there is not, from where a listener listens to where nobody is.</summary>
        public SocketTuple TupleOfListenerAnd(IPAddress remote) => SocketTuple.Of(
            SocketAddressBuffer.From(_listener.LocalEndPoint!), SocketAddressBuffer.From(new IPEndPoint(remote, 9)), out _);

        public PromotionResult Promote(Func<PromotionRequest, PromotionRequest>? change = null)
        {
            PromotionRequest request = Request();
            return Promote(change?.Invoke(request) ?? request);
        }

        public PromotionResult Promote(PromotionRequest request)
        {
            Assert.Equal(Errno.None, Maps.Promote(request, out PromotionResult result));
            return result;
        }

        public void Dispose()
        {
            Sender.Dispose();
            Source.Dispose();
            Sink.Dispose();
            _receiver.Dispose();
            _listener.Dispose();
            Maps.Dispose();
        }

        private static SocketTuple TupleOf(Socket socket, out uint length) => SocketTuple.Of(
            SocketAddressBuffer.From(socket.LocalEndPoint!), SocketAddressBuffer.From(socket.RemoteEndPoint!), out length);

        private static (Socket Dialled, Socket Accepted) Connect(Socket listener)
        {
            var socket = new Socket(listener.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(listener.LocalEndPoint!);
            return (socket, listener.Accept());
        }
    }
}
