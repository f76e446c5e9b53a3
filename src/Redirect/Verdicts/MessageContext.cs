using System.Net.Sockets;

namespace Sluice.Redirect.Verdicts;

/// <summary>The socket that messages pass through, and which way: the same for all messages of a program's socket.</summary>
/// <param name="Direction">Received or being sent.</param>
/// <param name="Family">The socket's address family.</param>
/// <param name="Key">Its 4-tuple; all zero for a unix domain socket, which has none.</param>
public sealed record MessageContext(
    MessageDirection Direction, AddressFamily Family = AddressFamily.Unspecified, SocketKey Key = default);
