using System.Net;
using System.Net.Sockets;

namespace Sluice.Deploy.Tests.Images;

/// <summary>A client whose bytes have to come back as they were.</summary>
internal sealed class Client : IDisposable
{
    private readonly TcpClient _client = new();

    public static async Task<Client> ConnectAsync(int port)
    {
        var client = new Client();
        await client._client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        return client;
    }

    /// <summary>Sends so many bytes, reads as many, and compares.</summary>
    public async Task EchoAsync(int count)
    {
        byte[] sent = new byte[count], came = new byte[count];
        new Random(count).NextBytes(sent);
        NetworkStream stream = _client.GetStream();
        Task sending = stream.WriteAsync(sent, TestContext.Current.CancellationToken).AsTask();
        await stream.ReadExactlyAsync(came, TestContext.Current.CancellationToken);
        await sending;
        Assert.True(came.AsSpan().SequenceEqual(sent), "other bytes came back than were sent");
    }

    public void Dispose() => _client.Dispose();
}
