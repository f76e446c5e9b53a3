using System.Net;
using System.Net.Sockets;
using Sluice.Functional.Wire;

namespace Sluice.Programs.Processes;

/// <summary>Ports of loopback for programs that cannot be told to choose one themselves.</summary>
internal static class Ports
{
    /// <summary>A port nobody listens on, from below the range that outgoing connections take theirs from.</summary>
    public static int Free()
    {
        while (true)
        {
            var endPoint = new IPEndPoint(IPAddress.Loopback, Random.Shared.Next(10_000, 32_000));
            using Socket socket = Sockets.Create(endPoint);
            try
            {
                socket.Bind(endPoint);
                return endPoint.Port;
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Another one, then.
            }
        }
    }

    /// <summary>Waits until something listens on the port.</summary>
    public static Task UntilListeningAsync(this Child child, int port) => child.UntilAsync(() => Listens(port), $"listening on port {port}");

    private static bool Listens(int port)
    {
        var endPoint = new IPEndPoint(IPAddress.Loopback, port);
        using Socket socket = Sockets.Create(endPoint);
        try
        {
            socket.Connect(endPoint);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
