namespace Sluice.Redirect.Verdicts;

/// <summary>
/// A <see cref="SocketKey"/> of an IPv4 connection in 12 bytes, as it is kept for every connection. What of a key it leaves out is the same
/// in all of them.
/// </summary>
/// <param name="Remote">The other end's address as it lies in memory in network order.</param>
/// <param name="Local">The socket's own address, likewise.</param>
/// <param name="RemotePort">The other end's port as it lies in memory in network order.</param>
/// <param name="LocalPort">The socket's own port, likewise.</param>
internal readonly record struct IPv4Tuple(uint Remote, uint Local, ushort RemotePort, ushort LocalPort)
{
    /// <summary>False for a key of anything else than an IPv4 connection.</summary>
    internal static bool TryFrom(in SocketKey key, out IPv4Tuple tuple)
    {
        (ulong remote, ulong local, uint remotePort, uint localPort) = key.Low;
        tuple = new((uint)(remote >> 32), (uint)(local >> 32), (ushort)remotePort, (ushort)localPort);
        return key.High == default && (uint)remote == SocketKey.MappedPrefix && (uint)local == SocketKey.MappedPrefix;
    }

    /// <summary>The key it was taken from.</summary>
    internal SocketKey ToKey() => new(default, (Mapped(Remote), Mapped(Local), RemotePort, LocalPort));

    private static ulong Mapped(uint address) => ((ulong)address << 32) | SocketKey.MappedPrefix;
}
