using System.Runtime.InteropServices;
using Sluice.Redirect;
using Sluice.Redirect.Maps;

namespace Sluice.SockMapConformance.Engine;

/// <summary>The library's contract of a map, as tests use maps: keys are bytes.</summary>
internal abstract class MapUnderTest<TKey>(ISockMap<TKey> map) : IDisposable
    where TKey : unmanaged
{
    public Errno Update(ReadOnlySpan<byte> key, ulong value, ulong flags) =>
        map.Update(MemoryMarshal.Read<TKey>(key), value, (MapUpdateFlags)flags);

    public Errno Lookup(ReadOnlySpan<byte> key, out ulong cookie) => map.Lookup(MemoryMarshal.Read<TKey>(key), out cookie);

    public Errno Delete(ReadOnlySpan<byte> key) => map.Delete(MemoryMarshal.Read<TKey>(key));

    public Errno NextKey(ReadOnlySpan<byte> key, Span<byte> next)
    {
        Errno errno = key.IsEmpty ? map.GetFirstKey(out TKey found) : map.GetNextKey(MemoryMarshal.Read<TKey>(key), out found);
        MemoryMarshal.Write(next, found);
        return errno;
    }

    public void Dispose() => map.Dispose();
}
