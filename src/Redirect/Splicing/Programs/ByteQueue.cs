using Sluice.Redirect.Reactors;

namespace Sluice.Redirect.Splicing.Programs;

/// <summary>
/// Bytes that wait for a socket or a reader, in pooled chunks. It never refuses any: it says that it is full, and those who
/// feed it stop by their <see cref="Valve"/> until half of it is gone. Belongs to the reactor's thread.
/// </summary>
internal sealed class ByteQueue(BufferPool pool, int limit)
{
    private const int Chunk = 16 * 1024;

    // Where the reactor's budget for held bytes is used up a queue is full with this many.
    private const int LimitWithoutBudget = 4096;

    private readonly Queue<byte[]> _chunks = new();
    private readonly List<Valve> _waiting = [];
    private byte[] _last = [];
    private int _from;
    private int _lastTo;

    internal long Length { get; private set; }

    internal bool IsEmpty => Length == 0;

    internal bool IsFull => Length >= Limit;

    /// <summary>The oldest bytes, as many as lie together; empty only when the queue is.</summary>
    internal ReadOnlySpan<byte> First
    {
        get
        {
            if (IsEmpty)
                return default;

            byte[] chunk = _chunks.Peek();
            return chunk.AsSpan(_from, (chunk == _last ? _lastTo : chunk.Length) - _from);
        }
    }

    private int Limit => pool.HasRoom ? limit : Math.Min(limit, LimitWithoutBudget);

    internal void Append(ReadOnlySpan<byte> bytes)
    {
        Length += bytes.Length;
        while (!bytes.IsEmpty)
        {
            if (_lastTo == _last.Length)
            {
                // A connection that holds little costs little.
                _last = pool.Rent(Math.Min(bytes.Length, Chunk));
                _lastTo = 0;
                _chunks.Enqueue(_last);
            }

            int count = Math.Min(bytes.Length, _last.Length - _lastTo);
            bytes[..count].CopyTo(_last.AsSpan(_lastTo));
            _lastTo += count;
            bytes = bytes[count..];
        }
    }

    /// <summary>Lets go of as many of <see cref="First"/>.</summary>
    internal void Advance(int count)
    {
        bool chunkIsDone = count == First.Length;
        _from += count;
        Length -= count;
        if (chunkIsDone)
            DropChunk();
        if (Length <= Limit / 2)
            LetGo();
    }

    /// <summary>Moves what fits to <paramref name="buffer"/> and gives the count.</summary>
    internal int Read(Span<byte> buffer)
    {
        int read = 0;
        while (read < buffer.Length && !IsEmpty)
        {
            ReadOnlySpan<byte> first = First;
            int count = Math.Min(first.Length, buffer.Length - read);
            first[..count].CopyTo(buffer[read..]);
            Advance(count);
            read += count;
        }

        return read;
    }

    /// <summary>Copies what fits to <paramref name="buffer"/>, keeps it, and gives the count.</summary>
    internal int Peek(Span<byte> buffer)
    {
        (int copied, int from) = (0, _from);
        foreach (byte[] chunk in _chunks)
        {
            int length = (chunk == _last ? _lastTo : chunk.Length) - from;
            int count = Math.Min(length, buffer.Length - copied);
            chunk.AsSpan(from, count).CopyTo(buffer[copied..]);
            copied += count;
            from = 0;
        }

        return copied;
    }

    /// <summary>Opens the valve again when there is room.</summary>
    internal void Wait(Valve valve) => _waiting.Add(valve);

    /// <summary>Drops everything; whoever waited goes on.</summary>
    internal void Clear()
    {
        Length = 0;
        while (_chunks.Count > 0)
            DropChunk();
        LetGo();
    }

    private void DropChunk()
    {
        byte[] chunk = _chunks.Dequeue();
        _from = 0;
        if (chunk == _last)
            (_last, _lastTo) = ([], 0);
        pool.Return(chunk);
    }

    /// <summary>Whoever waited goes on, whether there is room or not.</summary>
    internal void LetGo()
    {
        foreach (Valve valve in _waiting)
            valve.Reopen(this);
        _waiting.Clear();
    }
}
