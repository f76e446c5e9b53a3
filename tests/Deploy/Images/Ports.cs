using System.Net;
using System.Net.Sockets;

namespace Sluice.Deploy.Tests.Images;

/// <summary>Ports of loopback for a daemon that must be told one.</summary>
internal static class Ports
{
    /// <summary>A port that nobody has, from below the range that outgoing connections take theirs from.</summary>
    public static int Unused()
    {
        while (true)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            int port = Random.Shared.Next(10_000, 32_000);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Another one, then.
            }
        }
    }
}
