using System.Net.Sockets;
using System.Text;

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

    /// <summary>Sends a text of few bytes; each character is one.</summary>
    public static async Task SayAsync(this Socket socket, string text)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        Assert.Equal(bytes.Length, await socket.SendAsync(bytes, TestContext.Current.CancellationToken));
    }

    /// <summary>Reads just this text.</summary>
    public static async Task HearAsync(this Socket socket, string text)
    {
        byte[] bytes = new byte[text.Length];
        await socket.HearBytesAsync(bytes);
        Assert.Equal(text, Encoding.Latin1.GetString(bytes));
    }

    /// <summary>Reads until the buffer is full.</summary>
    public static async Task HearBytesAsync(this Socket socket, byte[] bytes)
    {
        for (int have = 0; have < bytes.Length;)
        {
            int read = await socket.ReceiveAsync(bytes.AsMemory(have), TestContext.Current.CancellationToken);
            Assert.True(read > 0, $"FIN after {Encoding.Latin1.GetString(bytes, 0, have)}");
            have += read;
        }
    }

    /// <summary>The other side sends this text and then FIN.</summary>
    public static async Task HearLastAsync(this Socket socket, string text) =>
        Assert.Equal(text, Encoding.Latin1.GetString(await socket.ReadToEndAsync()));

    /// <summary>The other side sends nothing more, and resets.</summary>
    public static async Task HearResetAsync(this Socket socket)
    {
        SocketException reset = await Assert.ThrowsAsync<SocketException>(socket.ReadToEndAsync);
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
    }

    /// <summary>The other side resets before, in or after this text, and sends no other.</summary>
    public static async Task HearAtMostAsync(this Socket socket, string text)
    {
        byte[] bytes = new byte[text.Length + 1];
        int have = 0;
        SocketException reset = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            for (int read = 1; read > 0; have += read)
                read = await socket.ReceiveAsync(bytes.AsMemory(have), TestContext.Current.CancellationToken);
        });
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
        Assert.StartsWith(Encoding.Latin1.GetString(bytes, 0, have), text, StringComparison.Ordinal);
    }

    /// <summary>Closes with RST.</summary>
    public static void Reset(this Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }
}
