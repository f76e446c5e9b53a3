using Sluice.Load.Kernel;

namespace Sluice.Load.Proxies;

/// <summary>Where one proxy listens, or the servers behind it: one port that echoes and one that swallows.</summary>
internal readonly record struct PortPair(int Echo, int Sink);

/// <summary>Finds free ports below the ephemeral range, where no outgoing connection can take them in between.</summary>
internal sealed class Ports
{
    private int _next = 21_000;

    public PortPair NextPair() => new(Next(), Next());

    public int Next()
    {
        for (; ; )
        {
            int port = _next++;
            try
            {
                TcpSocket.Listen(port).Close();
                return port;
            }
            catch (IOException) when (_next < 32_000)
            {
                // Someone else's; the next one may be free.
            }
        }
    }
}
