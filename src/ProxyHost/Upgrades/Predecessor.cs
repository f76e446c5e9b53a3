using System.Net;
using System.Net.Sockets;
using Sluice.Redirect.Transports;

namespace Sluice.ProxyHost.Upgrades;

/// <summary>The daemon that this one takes the place of, at the other end of the upgrade socket. Disposing it before it was told lets it go on.</summary>
internal sealed class Predecessor : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Socket _socket;
    private readonly HashSet<string> _offered;

    private Predecessor(Socket socket, HashSet<string> offered) => (_socket, _offered) = (socket, offered);

    /// <summary>Asks for the sockets of whoever listens there; null where nobody does, or who does is gone before the end.</summary>
    public static Predecessor? Find(EndPoint upgrade, InheritedSockets inherited)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        try
        {
            socket.Connect(upgrade);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }

        socket.ReceiveTimeout = (int)Patience.TotalMilliseconds;
        int handle = (int)socket.Handle;
        while (UpgradeChannel.Receive(handle, out int[] descriptors) is { } word)
        {
            foreach (int descriptor in descriptors)
                _ = inherited.Add(descriptor);
            if (word == UpgradeWords.End)
                return new Predecessor(socket, [.. inherited.Left.Select(address => address.ToString()!)]);
        }

        socket.Dispose();
        return null;
    }

    /// <summary>This daemon accepts: the other one is to leave. Waits until it has, or is gone. What is left of the sockets is closed.</summary>
    public void Relieve(InheritedSockets inherited)
    {
        int handle = (int)_socket.Handle;
        string[] taken = [.. _offered.Except(inherited.Left.Select(left => left.ToString()!))];
        // Before the other one takes what waits there: in a queue that is open here as well it would not be the last.
        inherited.Dispose();
        foreach (string address in taken)
            UpgradeChannel.Send(handle, UpgradeWords.Took + address, []);
        UpgradeChannel.Send(handle, UpgradeWords.Ready, []);
        _ = UpgradeChannel.Receive(handle, out _);
    }

    public void Dispose() => _socket.Dispose();
}
