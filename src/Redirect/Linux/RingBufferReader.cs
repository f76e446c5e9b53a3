namespace Sluice.Redirect.Linux;

/// <summary>Gets a record of a ring buffer, valid during the call.</summary>
internal delegate void RingBufferRecordHandler(ReadOnlySpan<byte> record);

/// <summary>
/// Reads what programs write into a ring buffer map (kernel/bpf/ringbuf.c): a page with the consumer's position, a page with
/// the producers', and the data twice in a row, so that no record is ever in two pieces. One thread reads.
/// The map's descriptor is readable for epoll while records wait, edge-triggered too.
/// </summary>
internal sealed unsafe class RingBufferReader : IDisposable
{
    private const uint Busy = 1u << 31;
    private const uint Discarded = 1u << 30;
    private const int HeaderSize = 8;

    private readonly MemoryMapping _consumerPage;
    private readonly MemoryMapping _data;
    private readonly ulong* _consumed;
    private readonly ulong* _produced;
    private readonly byte* _records;
    private readonly ulong _mask;
    private bool _isDisposed;

    private RingBufferReader(MemoryMapping consumerPage, MemoryMapping data, uint size)
    {
        (_consumerPage, _data, _mask) = (consumerPage, data, size - 1);
        _consumed = (ulong*)consumerPage.Address;
        _produced = (ulong*)data.Address;
        _records = (byte*)data.Address + Environment.SystemPageSize;
    }

    /// <summary>Maps a ring buffer. The map must stay open for as long as epoll watches it.</summary>
    internal static Errno Map(BpfMap map, out RingBufferReader? reader)
    {
        reader = null;
        int page = Environment.SystemPageSize;
        using BpfHandle.Lease lease = map.Borrow();
        Errno errno = MemoryMapping.Map(lease.Fd, (nuint)page, 0, isWritable: true, out MemoryMapping? consumerPage);
        if (errno != Errno.None)
            return errno;

        errno = MemoryMapping.Map(lease.Fd, (nuint)page + (2 * (nuint)map.MaxEntries), page, isWritable: false, out MemoryMapping? data);
        if (errno == Errno.None)
            reader = new RingBufferReader(consumerPage!, data!, map.MaxEntries);
        else
            consumerPage!.Dispose();
        return errno;
    }

    /// <summary>
    /// Hands over records in the order they were reserved, up to the first that is still being written, and returns how many.
    /// After <paramref name="most"/> records, discarded ones included, it stops; then the caller comes again without waiting.
    /// A record whose handler throws stays.
    /// </summary>
    internal int Consume(RingBufferRecordHandler handler, int most = int.MaxValue)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        int handed = 0;
        ulong position = *_consumed; // nobody else writes it
        for (int seen = 0; seen < most && TryPeek(position, out uint header); seen++)
        {
            uint length = header & ~Discarded;
            if ((header & Discarded) == 0)
            {
                handler(new ReadOnlySpan<byte>(_records + (position & _mask) + HeaderSize, (int)length));
                handed++;
            }

            position += (length + HeaderSize + 7UL) & ~7UL;
            Volatile.Write(ref *_consumed, position); // the producers may use the room only after the handler has read it
        }

        return handed;
    }

    public void Dispose()
    {
        _isDisposed = true;
        _consumerPage.Dispose();
        _data.Dispose();
    }

    // A producer wakes epoll only if it sees that the consumer has come as far as its record. So before we believe that
    // nothing is there, our position must be visible: else it sees the old one, we see no record, and nobody is woken.
    private bool TryPeek(ulong position, out uint header)
    {
        if (IsComplete(position, out header))
            return true;

        Interlocked.MemoryBarrier();
        return IsComplete(position, out header);
    }

    private bool IsComplete(ulong position, out uint header)
    {
        header = Busy;
        if (Volatile.Read(ref *_produced) != position)
            header = Volatile.Read(ref *(uint*)(_records + (position & _mask)));
        return (header & Busy) == 0;
    }
}
