using System.Net.Sockets;

namespace Sluice.ProxyHost.Tests.Hosting;

/// <summary>Short conversations over a socket, each bounded by the test's own cancellation.</summary>
internal static class Exchange
{
    /// <summary>Sends one byte and waits for its echo.</summary>
    public static async Task PingAsync(this Socket socket)
    {
        byte[] buffer = [42];
        await socket.SendAsync(buffer, TestContext.Current.CancellationToken);
        buffer[0] = 0;
        Assert.Equal(1, await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken));
        Assert.Equal(42, buffer[0]);
    }

    /// <summary>Reads until the other side has closed.</summary>
    public static async Task<byte[]> ReadToEndAsync(this Socket socket)
    {
        using var all = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        for (int read; (read = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken)) > 0;)
            all.Write(buffer, 0, read);
        return all.ToArray();
    }
}
