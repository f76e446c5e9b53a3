using System.Buffers.Binary;
using System.Net.Sockets;
using Sluice.Redirect;
using Sluice.Redirect.Maps;
using Sluice.Redirect.Verdicts;

namespace Sluice.SockMapConformance.Engine;

/// <summary>A map of the engine under test whose keys are numbers, whatever their size, and whose values are sockets.</summary>
internal sealed class TestMap : IDisposable
{
    private readonly IMap _map;
    private readonly int _keySize;

    private TestMap(MapKind kind, IMap map)
    {
        (Kind, _map, _keySize) = (kind, map, KeySize(kind));
    }

    public MapKind Kind { get; }

    public IMap Raw => _map;

    public static int KeySize(MapKind kind) => kind == MapKind.SockMap ? sizeof(uint) : SocketKey.Size;

    public static TestMap Create(MapKind kind, uint maxEntries = 4, int valueSize = 8)
    {
        Errno errno = EngineUnderTest.Get().Create(kind, KeySize(kind), valueSize, maxEntries, out IMap? map);
        Assert.Equal(Errno.None, errno);
        return new TestMap(kind, map!);
    }

    /// <summary>A map with a program in one slot.</summary>
    public static TestMap CreateWith(MapKind kind, AttachType slot, uint maxEntries = 4)
    {
        TestMap map = Create(kind, maxEntries);
        using IProgram program = EngineUnderTest.Get().LoadPass(slot);
        Assert.Equal(Errno.None, map.Attach(slot, program));
        return map;
    }

    public byte[] Key(uint number)
    {
        byte[] key = new byte[_keySize];
        BinaryPrimitives.WriteUInt32LittleEndian(key, number);
        return key;
    }

    public Errno Update(uint key, Socket socket, MapUpdateFlags flags = MapUpdateFlags.Any) => Update(key, (ulong)socket.Handle, flags);

    public Errno Update(uint key, ulong value, MapUpdateFlags flags = MapUpdateFlags.Any) => _map.Update(Key(key), value, (ulong)flags);

    public Errno Lookup(uint key, out ulong cookie) => _map.Lookup(Key(key), out cookie);

    public Errno Lookup(uint key) => _map.Lookup(Key(key), out _);

    public Errno Delete(uint key) => _map.Delete(Key(key));

    public Errno Attach(AttachType slot, IProgram program) => _map.Attach(slot, program);

    public Errno Detach(AttachType slot, IProgram program) => _map.Detach(slot, program);

    public ILink Link(AttachType slot, IProgram program)
    {
        Assert.Equal(Errno.None, _map.Link(slot, program, out ILink? link));
        return link!;
    }

    public Errno NextKey(uint? key, out uint next)
    {
        byte[] bytes = new byte[_keySize];
        Errno errno = _map.NextKey(key is { } number ? Key(number) : [], bytes);
        next = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        return errno;
    }

    /// <summary>All keys in the order of the enumeration.</summary>
    public List<uint> Keys()
    {
        List<uint> keys = [];
        uint? key = null;
        while (NextKey(key, out uint next) == Errno.None)
        {
            keys.Add(next);
            Assert.True(keys.Count <= 1000, "The enumeration does not end");
            key = next;
        }

        return keys;
    }

    public void Dispose() => _map.Dispose();
}
