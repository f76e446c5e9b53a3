using System.Buffers;

namespace Sluice.Redirect.Verdicts;

/// <summary>
/// The bytes a machine has at hand. They are the caller's own memory while nothing has to be kept or changed; a pooled
/// array holds them from the moment something has.
/// </summary>
internal sealed class HeldBytes(ArrayPool<byte> pool)
{
    private ReadOnlyMemory<byte> _bytes;
    private byte[]? _array;
    private int _from;

    internal int Length => _bytes.Length;

    internal ReadOnlyMemory<byte> Memory => _bytes;

    /// <summary>Bytes of memory kept from call to call; 0 while the bytes are the caller's own.</summary>
    internal int Reserved => _array?.Length ?? 0;

    /// <summary>Adds bytes at the end. Alone, they stay where they are.</summary>
    internal void Append(ReadOnlyMemory<byte> bytes)
    {
        if (_bytes.IsEmpty)
        {
            Clear();
            _bytes = bytes;
            return;
        }

        int length = Length;
        Reserve(bytes.Length);
        bytes.Span.CopyTo(_array.AsSpan(_from + length));
        View(length + bytes.Length);
    }

    /// <summary>Copies the bytes into memory of its own, if they are not there, so that they outlast the caller's.</summary>
    internal void Keep()
    {
        if (_array is null)
            Reserve(0);
    }

    /// <summary>Opens a gap of zeros.</summary>
    internal void Insert(int start, int count)
    {
        int length = Length;
        Reserve(count);
        Span<byte> all = _array.AsSpan(_from, length + count);
        all[start..length].CopyTo(all[(start + count)..]);
        all.Slice(start, count).Clear();
        View(length + count);
    }

    /// <summary>Takes bytes out.</summary>
    internal void Remove(int start, int count)
    {
        Keep();
        Span<byte> all = _array.AsSpan(_from, Length);
        all[(start + count)..].CopyTo(all[start..]);
        View(Length - count);
    }

    /// <summary>Overwrites bytes.</summary>
    internal void Store(int start, ReadOnlySpan<byte> bytes)
    {
        Keep();
        bytes.CopyTo(_array.AsSpan(_from + start));
    }

    /// <summary>Lets go of the first bytes. Their memory stays until the next change.</summary>
    internal void Consume(int count)
    {
        _bytes = _bytes[count..];
        _from += count;
    }

    /// <summary>Lets go of everything and gives the memory back.</summary>
    internal void Clear()
    {
        if (_array is not null)
            pool.Return(_array);
        _array = null;
        _bytes = default;
    }

    // Afterwards the bytes are in the array, with room for so many more behind them.
    private void Reserve(int more)
    {
        if (_array is not null && _from + Length + more <= _array.Length)
            return;

        byte[] larger = pool.Rent(Length + Math.Max(more, Length / 2));
        _bytes.Span.CopyTo(larger);
        if (_array is not null)
            pool.Return(_array);
        (_array, _from) = (larger, 0);
        View(Length);
    }

    private void View(int length) => _bytes = new ReadOnlyMemory<byte>(_array, _from, length);
}
