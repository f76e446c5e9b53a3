using Sluice.Redirect.Reactors;

namespace Sluice.Redirect.Splicing.Programs;

/// <summary>Sends judged bytes through a psock's socket, queues what it does not take, and sends FIN after the last.</summary>
internal sealed class Departures(Psock psock, StreamSocket socket, int mostBytes, IPsockOwner? owner)
{
    // From so many bytes on, a send of its own costs less than copying them to where the next ones will be.
    private const int WorthASend = 4096;

    private readonly ByteQueue _queue = new(socket.Reactor.Buffers, mostBytes);
    private bool _finSent;

    /// <summary>Why nothing can be sent any more.</summary>
    internal Errno Error { get; private set; }

    /// <summary>True once nothing more is taken.</summary>
    internal bool AreOver { get; private set; }

    internal long Queued => _queue.Length;

    /// <summary>Takes judged bytes. False: none can be sent any more, and nothing was taken.</summary>
    internal bool TryPut(ReadOnlySpan<byte> bytes, Valve source, bool more)
    {
        if (!socket.IsOpen || AreOver)
            return false;

        if (_queue.IsEmpty && !socket.SendBlocked && (!more || bytes.Length >= WorthASend))
        {
            nint sent = socket.Send(bytes);
            if (sent < 0)
            {
                Fail((Errno)(int)(-sent));
                return false;
            }

            bytes = bytes[(int)sent..];
            if (sent > 0)
                owner?.Sent(psock, sent);
        }

        if (!bytes.IsEmpty)
            _queue.Append(bytes);
        source.Heed(_queue);
        return true;
    }

    /// <summary>Takes nothing more; FIN follows what was taken.</summary>
    internal void End()
    {
        AreOver = true;
        Flush();
    }

    /// <summary>Sends what is queued, and FIN after it when that is wanted.</summary>
    internal void Flush()
    {
        while (!_queue.IsEmpty)
        {
            if (socket.SendBlocked)
                return;

            nint sent = socket.Send(_queue.First);
            if (sent < 0)
            {
                Fail((Errno)(int)(-sent));
                return;
            }

            _queue.Advance((int)sent);
            if (sent > 0)
                owner?.Sent(psock, sent);
        }

        if (AreOver && !_finSent && Error == Errno.None)
        {
            _finSent = true;
            socket.ShutdownSend();
            owner?.FinSent(psock);
        }

        psock.AllSent();
    }

    /// <summary>Drops what is queued.</summary>
    internal void Clear() => _queue.Clear();

    private void Fail(Errno errno)
    {
        if (Error != Errno.None)
            return;

        (Error, AreOver) = (errno, true);
        psock.Lose(_queue.Length);
        _queue.Clear();
        psock.SendingFailed();
    }
}
