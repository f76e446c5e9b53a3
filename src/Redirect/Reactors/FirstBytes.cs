namespace Sluice.Redirect.Reactors;

/// <summary>What the proxy itself takes from the beginning of a stream, or puts there. On the reactor's thread, before a splicer has the socket.</summary>
internal static class FirstBytes
{
    /// <summary>Receives and drops exactly so many bytes, which are known to have come. None, or why they are gone.</summary>
    internal static Errno Discard(StreamSocket socket, int count)
    {
        Span<byte> buffer = socket.Reactor.ReadBuffer;
        while (count > 0)
        {
            nint received = socket.Receive(buffer[..Math.Min(count, buffer.Length)]);
            if (received <= 0) // only a reset takes back what was there
                return received is 0 or StreamSocket.EndOfStream ? Errno.ECONNRESET : (Errno)(int)(-received);
            count -= (int)received;
        }

        socket.ExpectReadable();
        return Errno.None;
    }

    /// <summary>Sends all of it at once. ENOBUFS: the kernel took less, which a new socket's send buffer has no reason for.</summary>
    internal static Errno Send(StreamSocket socket, ReadOnlySpan<byte> bytes)
    {
        nint sent = socket.Send(bytes);
        if (sent < 0)
            return (Errno)(int)(-sent);
        return sent == bytes.Length ? Errno.None : Errno.ENOBUFS;
    }
}
