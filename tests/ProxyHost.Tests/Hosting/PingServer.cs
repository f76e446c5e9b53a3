using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sluice.ProxyHost.Tests.Hosting;

/// <summary>A server that answers each line with a fixed one, as redis does PING; it may die and come back on its port.</summary>
internal sealed class PingServer : IDisposable
{
    private TcpListener _listener = null!;
    private readonly SemaphoreSlim _accepted = new(0);
    private int _answered;

    public PingServer() => Start();

    public int Port { get; private set; }

    /// <summary>What it says to a line.</summary>
    public volatile string Answer = "+PONG";

    /// <summary>How many lines other than PING it has answered.</summary>
    public int Answered => Volatile.Read(ref _answered);

    /// <summary>Waits for three connections: when the third is there, what was made of the first is known.</summary>
    public async Task UntilProbedAsync()
    {
        for (int i = 0; i < 3; i++)
            await _accepted.WaitAsync(TestContext.Current.CancellationToken);
    }

    public void Start()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync(_listener);
    }

    /// <summary>Listens no more; connections go on.</summary>
    public void Stop() => _listener.Dispose();

    public void Dispose()
    {
        Stop();
        _accepted.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                _ = AnswerAsync(await listener.AcceptSocketAsync());
                _accepted.Release();
            }
        }
        catch (Exception closed) when (closed is SocketException or InvalidOperationException) // the latter where it stops between two accepts
        {
            // Stopped.
        }
    }

    private async Task AnswerAsync(Socket socket)
    {
        using var stream = new NetworkStream(socket, ownsSocket: true);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                // Counted before the answer is heard.
                if (line.StartsWith("HELLO", StringComparison.Ordinal))
                    Interlocked.Increment(ref _answered);
                await stream.WriteAsync(Encoding.Latin1.GetBytes(Answer + "\r\n"));
            }
        }
        catch (IOException)
        {
            // Reset.
        }
    }
}
