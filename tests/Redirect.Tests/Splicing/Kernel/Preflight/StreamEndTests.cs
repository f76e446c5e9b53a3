using System.Net;
using System.Net.Sockets;
using Sluice.Redirect.Splicing.Kernel.Preflight;

namespace Sluice.Redirect.Tests.Splicing.Kernel.Preflight;

/// <summary>The trials are worth what their ends notice.</summary>
public sealed class StreamEndTests : IDisposable
{
    private readonly Socket _other;
    private readonly StreamEnd _end;

    public StreamEndTests()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _other.Connect(listener.LocalEndpoint);
        _end = new StreamEnd(listener.AcceptSocket());
    }

    public void Dispose()
    {
        _other.Dispose();
        _end.Dispose();
    }

    [Fact]
    public void The_bytes_in_order_are_taken()
    {
        Send(0, 1000);
        Send(1000, 500);
        _end.Receive(1500);
        _other.Shutdown(SocketShutdown.Send);
        _end.ExpectFin();
        Assert.Equal(1500, _end.Received);
    }

    [Theory]
    [InlineData(999, "other bytes arrived")] // doubled
    [InlineData(1001, "other bytes arrived")] // lost
    [InlineData(0, "other bytes arrived")]
    public void A_byte_that_is_lost_or_doubled_is_noticed(int place, string finding)
    {
        Send(0, 1000);
        Send(place, 500);
        Fails(finding, () => _end.Receive(1500));
    }

    [Fact]
    public void An_end_too_early_is_noticed()
    {
        Send(0, 10);
        _other.Shutdown(SocketShutdown.Send);
        Fails("ended after 10 bytes, 5 too early", () => _end.Receive(15));
    }

    [Fact]
    public void Bytes_in_place_of_an_end_are_noticed()
    {
        Send(0, 10);
        Fails("10 bytes too many", _end.ExpectFin);
    }

    [Fact]
    public void An_ordinary_end_is_no_reset()
    {
        _other.Shutdown(SocketShutdown.Send);
        Fails("an ordinary end in place of a reset", _end.ExpectReset);
    }

    [Fact]
    public void A_reset_is_no_ordinary_end()
    {
        _other.LingerState = new LingerOption(true, 0);
        _other.Close();
        Fails("ConnectionReset in place of the stream's end", _end.ExpectFin);
    }

    [Fact]
    public void A_sender_that_nobody_stops_is_noticed() =>
        Fails("although nobody reads", () => _end.SendUntilFull(most: 1000, quietMilliseconds: 1, () => false));

    private static void Fails(string finding, Action action) =>
        Assert.Contains(finding, Assert.Throws<CheckFailedException>(action).Message, StringComparison.Ordinal);

    private void Send(long place, int count) => _other.Send(BytePattern.At(place, count));
}
