using System.Runtime.CompilerServices;

namespace Sluice.Redirect.Linux;

/// <summary>
/// The values of an array map made with <see cref="BpfMapFlags.Mappable"/>, in memory shared with its programs. Reading and
/// writing costs no system call and follows the machine's memory model: use Volatile and Interlocked on what both sides write.
/// Must not be disposed while a reference from it is in use.
/// </summary>
/// <typeparam name="T">A value, of exactly the map's value size.</typeparam>
internal sealed unsafe class MappedArray<T> : IDisposable where T : unmanaged
{
    private static readonly int Stride = (sizeof(T) + 7) & ~7; // array maps round values up

    private readonly MemoryMapping _mapping;
    private readonly byte* _values;

    private MappedArray(MemoryMapping mapping, int count)
    {
        _mapping = mapping;
        _values = (byte*)mapping.Address;
        Count = count;
    }

    /// <summary>Values there are; 0 once disposed.</summary>
    internal int Count { get; private set; }

    /// <summary>Maps an array. EINVAL where it was not made to be mapped, ENOMEM. The mapping outlives <paramref name="map"/>.</summary>
    internal static Errno Map(BpfMap map, out MappedArray<T>? array)
    {
        array = null;
        if (map.ValueSize != sizeof(T))
            throw new ArgumentException($"The map's values have {map.ValueSize} bytes, {typeof(T).Name} has {sizeof(T)}", nameof(map));

        int count = checked((int)map.MaxEntries);
        using BpfHandle.Lease lease = map.Borrow();
        Errno errno = MemoryMapping.Map(lease.Fd, (nuint)count * (nuint)Stride, 0, isWritable: true, out MemoryMapping? mapping);
        if (errno == Errno.None)
            array = new MappedArray<T>(mapping!, count);
        return errno;
    }

    /// <summary>Value <paramref name="index"/>, in place.</summary>
    internal ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return ref *(T*)(_values + ((nint)index * Stride));
        }
    }

    public void Dispose()
    {
        Count = 0;
        _mapping.Dispose();
    }
}
