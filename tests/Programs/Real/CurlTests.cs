using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Sluice.Functional.Wire;
using Sluice.Programs.Processes;

namespace Sluice.Programs.Real;

/// <summary>curl and a small server of the test's own, whose connections stay open: what nginx cannot show where it misreads FIONREAD.</summary>
public sealed class CurlTests
{
    private const int FileBytes = 16 << 20;
    private const int Fetches = 40;

    [Fact(Timeout = 180_000)]
    public async Task OneConnectionFetchesManyFilesPastTheDaemon()
    {
        string curl = Installed.Require("curl");
        using var scratch = new Scratch();
        byte[] content = RandomNumberGenerator.GetBytes(FileBytes);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task serving = ServeAsync(listener, content);
        await using SluiceProcess sluice = await SluiceProcess.StartAsync(listener.LocalEndpoint.ToString()!, bypasses: true);
        string url = $"http://{sluice.To(listener.LocalEndpoint.ToString()!)}/";
        await Child.RunAsync(curl, ["-sSf", .. Enumerable.Range(0, Fetches).SelectMany(i => new[] { "-o", scratch.File($"got{i}"), url })]);
        string expected = Convert.ToHexString(SHA256.HashData(content));
        for (int i = 0; i < Fetches; i++)
            Assert.Equal(expected, Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(scratch.File($"got{i}"), TestContext.Current.CancellationToken))));
        await sluice.AssertBypassedAsync(Fetches / 2);
        listener.Stop();
        await serving;
    }

    private static async Task ServeAsync(TcpListener listener, byte[] content)
    {
        byte[] head = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {content.Length.ToString(CultureInfo.InvariantCulture)}\r\n\r\n");
        try
        {
            while (true)
            {
                using Socket socket = await listener.AcceptSocketAsync(Deadline.Token);
                while (await ReceiveRequestAsync(socket))
                {
                    await socket.SendAllAsync(head);
                    await socket.SendAllAsync(content);
                }
            }
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static async Task<bool> ReceiveRequestAsync(Socket socket)
    {
        byte[] buffer = new byte[4096];
        for (int have = 0; ; )
        {
            int got = await socket.ReceiveAsync(buffer.AsMemory(have), Deadline.Token);
            if (got == 0)
                return false;

            have += got;
            if (buffer.AsSpan(0, have).EndsWith("\r\n\r\n"u8))
                return true;
        }
    }
}
