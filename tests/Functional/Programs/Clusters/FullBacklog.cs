using System.Net;
using System.Net.Sockets;
using Sluice.Functional.Wire;

namespace Sluice.Functional.Clusters;

/// <summary>A listening address whose backlog is full: a connect to it stays under way.</summary>
internal sealed class FullBacklog : IDisposable
{
    private readonly Server _server = new(backlog: 0);
    private readonly List<Socket> _waiting = [];

    public FullBacklog()
    {
        // One is queued, the next is left in SYN_SENT.
        for (int i = 0; i < 3; i++)
        {
            Socket socket = Sockets.Create(_server.EndPoint);
            socket.Blocking = false;
            try
            {
                socket.Connect(_server.EndPoint);
            }
            catch (SocketException pending) when (pending.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
            }

            _waiting.Add(socket);
        }
    }

    public EndPoint EndPoint => _server.EndPoint;

    public void Dispose()
    {
        _waiting.ForEach(socket => socket.Dispose());
        _server.Dispose();
    }
}
