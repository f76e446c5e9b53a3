using System.Buffers;

namespace Sluice.Redirect.Reactors;

/// <summary>
/// Buffers for what a slow reader has not taken yet and for what programs wait to see whole, with a budget over all
/// connections of a reactor. Rented and returned on the reactor's thread only. It never refuses: whoever rents asks
/// <see cref="HasRoom"/> first, and where there is none leaves the bytes where they are, in the kernel.
/// </summary>
internal sealed class BufferPool(long budget) : ArrayPool<byte>
{
    private long _held;

    /// <summary>Bytes rented at the moment, readable from any thread.</summary>
    internal long HeldBytes => Volatile.Read(ref _held);

    /// <summary>True while a buffer as large as a whole read can be had.</summary>
    internal bool HasRoom => _held + Reactor.ReadBufferSize <= budget;

    /// <summary>A buffer of at least so many bytes.</summary>
    public override byte[] Rent(int minimumLength)
    {
        byte[] buffer = Shared.Rent(minimumLength);
        Volatile.Write(ref _held, _held + buffer.Length);
        return buffer;
    }

    /// <summary>Takes a buffer back.</summary>
    public override void Return(byte[] array, bool clearArray = false)
    {
        Volatile.Write(ref _held, _held - array.Length);
        Shared.Return(array, clearArray);
    }
}
