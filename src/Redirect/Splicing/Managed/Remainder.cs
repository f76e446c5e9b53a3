using Sluice.Redirect.Reactors;

namespace Sluice.Redirect.Splicing.Managed;

/// <summary>What a sink has not taken yet, in a pooled buffer that goes back with the last byte.</summary>
internal struct Remainder
{
    private byte[]? _buffer;
    private int _from;
    private int _to;

    internal readonly bool IsEmpty => _buffer is null;

    internal readonly ReadOnlySpan<byte> Bytes => _buffer.AsSpan(_from, _to - _from);

    internal void Keep(ReadOnlySpan<byte> bytes, BufferPool pool) => (_buffer, _from, _to) = (pool.Hold(bytes), 0, bytes.Length);

    internal void Advance(int count, BufferPool pool)
    {
        _from += count;
        if (_from == _to)
            Drop(pool);
    }

    internal void Drop(BufferPool pool)
    {
        if (_buffer is null)
            return;

        pool.Return(_buffer);
        _buffer = null;
    }
}
