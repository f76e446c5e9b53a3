using System.Net.Sockets;
using Sluice.Redirect;
using Sluice.SockMapConformance.Engine;
using Sluice.SockMapConformance.Wire;

namespace Sluice.SockMapConformance.Tests;

/// <summary>Lookup, deletion, enumeration, and how long an entry lives.</summary>
public sealed class EntryTests
{
    [Theory]
    [MemberData(nameof(MapTheory.Kinds), MemberType = typeof(MapTheory))]
    internal void Lookup_gives_the_cookie_or_ENOENT(MapKind kind)
    {
        using var map = TestMap.Create(kind);
        using Pair pair = Tcp.Connect();
        Assert.Equal(Errno.ENOENT, map.Lookup(0));
        Assert.Equal(Errno.ENOENT, map.Lookup(uint.MaxValue));
        Assert.Equal(Errno.None, map.Update(0, pair.Client));
        Assert.Equal(Errno.None, map.Lookup(0, out ulong cookie));
        Assert.Equal(pair.Client.Cookie(), cookie);
    }

    [Theory]
    [InlineData(nameof(MapKind.SockMap), Errno.EINVAL)]
    [InlineData(nameof(MapKind.SockHash), Errno.ENOENT)]
    public void Deleting_nothing_is_an_error_that_depends_on_the_kind(string kind, Errno nothing)
    {
        using var map = TestMap.Create(Enum.Parse<MapKind>(kind));
        using Pair pair = Tcp.Connect();
        Assert.Equal(nothing, map.Delete(0));
        Assert.Equal(nothing, map.Delete(uint.MaxValue));
        Assert.Equal(Errno.None, map.Update(0, pair.Client));
        Assert.Equal(Errno.None, map.Delete(0));
        Assert.Equal(nothing, map.Delete(0));
        Assert.Equal(Errno.ENOENT, map.Lookup(0));
    }

    [Fact]
    public void A_sockmap_enumerates_every_index()
    {
        using var map = TestMap.Create(MapKind.SockMap, 3);
        Assert.Equal([0u, 1u, 2u], map.Keys());
        Assert.Equal(Errno.None, map.NextKey(3, out uint next));
        Assert.Equal(0u, next);
        Assert.Equal(Errno.None, map.NextKey(uint.MaxValue, out next));
        Assert.Equal(0u, next);
        Assert.Equal(Errno.ENOENT, map.NextKey(2, out _));
    }

    [Fact]
    public void A_sockhash_enumerates_what_is_there()
    {
        using var map = TestMap.Create(MapKind.SockHash, 64);
        Assert.Equal(Errno.ENOENT, map.NextKey(null, out _));
        Assert.Equal(Errno.ENOENT, map.NextKey(5, out _));

        using Pair pair = Tcp.Connect();
        uint[] numbers = [.. Enumerable.Range(0, 64).Select(i => (uint)i * 7)];
        foreach (uint number in numbers)
            Assert.Equal(Errno.None, map.Update(number, pair.Client));
        Assert.Equal(numbers, map.Keys().Order());

        // A key that is not there begins anew.
        List<uint> keys = map.Keys();
        Assert.Equal(Errno.None, map.NextKey(5, out uint next));
        Assert.Equal(keys[0], next);
        Assert.Equal(Errno.None, map.Delete(keys[10]));
        Assert.Equal(Errno.None, map.NextKey(keys[10], out next));
        Assert.Equal(keys[0], next);
        Assert.Equal(Errno.None, map.NextKey(keys[9], out next));
        Assert.Equal(keys[11], next);
    }

    [Theory]
    [MemberData(nameof(MapTheory.Kinds), MemberType = typeof(MapTheory))]
    internal void Closing_a_socket_removes_its_entries_everywhere(MapKind kind)
    {
        using var map = TestMap.Create(kind);
        using var other = TestMap.Create(MapKind.SockHash);
        using Pair pair = Tcp.Connect();
        Assert.Equal(Errno.None, map.Update(0, pair.Client));
        Assert.Equal(Errno.None, map.Update(1, pair.Client));
        Assert.Equal(Errno.None, other.Update(2, pair.Client));
        Assert.Equal(Errno.None, other.Update(3, pair.Server));
        pair.Client.Dispose();

        Assert.Equal(Errno.ENOENT, map.Lookup(0));
        Assert.Equal(Errno.ENOENT, map.Lookup(1));
        Assert.NotEqual(Errno.None, map.Delete(1));
        Assert.Equal([3u], other.Keys());
        Assert.Equal(Errno.None, other.Lookup(3));
    }

    [Fact]
    public void A_socket_may_be_under_many_keys_of_many_maps()
    {
        using Pair pair = Tcp.Connect();
        List<TestMap> maps = [.. Enumerable.Range(0, 16).Select(i => TestMap.Create((MapKind)(i % 2), 32))];
        foreach (TestMap map in maps)
        {
            for (uint key = 0; key < 32; key++)
                Assert.Equal(Errno.None, map.Update(key, pair.Client));
        }

        Assert.Equal(Errno.None, maps[3].Delete(7));
        Assert.Equal(Errno.None, maps[3].Lookup(8));
        Assert.Equal(Errno.None, maps[2].Lookup(7));
        pair.Client.Dispose();
        Assert.All(maps, map => Assert.All(Enumerable.Range(0, 32), key => Assert.Equal(Errno.ENOENT, map.Lookup((uint)key))));
        maps.ForEach(map => map.Dispose());
    }

    [Theory]
    [MemberData(nameof(MapTheory.Kinds), MemberType = typeof(MapTheory))]
    internal void An_RST_removes_nothing(MapKind kind)
    {
        using var map = TestMap.Create(kind);
        using Pair pair = Tcp.Connect();
        ulong expected = pair.Server.Cookie();
        Assert.Equal(Errno.None, map.Update(0, pair.Server));
        pair.Client.Reset();
        pair.Server.AwaitState(TcpState.Close);

        Assert.Equal(Errno.None, map.Lookup(0, out ulong cookie));
        Assert.Equal(expected, cookie);
        pair.Server.Dispose();
        Assert.Equal(Errno.ENOENT, map.Lookup(0));
    }

    [Theory]
    [MemberData(nameof(MapTheory.Kinds), MemberType = typeof(MapTheory))]
    internal void A_FIN_and_a_shutdown_remove_nothing(MapKind kind)
    {
        using var map = TestMap.Create(kind);
        using Pair pair = Tcp.Connect();
        Assert.Equal(Errno.None, map.Update(0, pair.Client));
        Assert.Equal(Errno.None, map.Update(1, pair.Server));
        pair.Client.Shutdown(SocketShutdown.Send);
        pair.Server.AwaitState(TcpState.CloseWait);
        Assert.Equal(Errno.None, map.Lookup(0));
        Assert.Equal(Errno.None, map.Lookup(1));
    }

    [Theory]
    [MemberData(nameof(MapTheory.Kinds), MemberType = typeof(MapTheory))]
    internal void A_map_that_goes_leaves_its_sockets_usable(MapKind kind)
    {
        using Pair pair = Tcp.Connect();
        TestMap map = TestMap.Create(kind);
        Assert.Equal(Errno.None, map.Update(0, pair.Client));
        map.Dispose();

        byte[] bytes = [1, 2, 3];
        Assert.Equal(3, pair.Client.Send(bytes));
        Assert.Equal(3, pair.Server.Receive(bytes));
    }
}
