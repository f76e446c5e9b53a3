using Sluice.Redirect;
using Sluice.Redirect.Maps;
using Sluice.SockMapConformance.Engine;
using Sluice.SockMapConformance.Wire;

namespace Sluice.SockMapConformance.Tests;

public sealed class UpdateTests
{
    private const uint Max = 2;

    [Fact]
    public void An_index_beyond_the_end_is_too_big()
    {
        using var map = TestMap.Create(MapKind.SockMap, Max);
        using Pair pair = Tcp.Connect();
        Assert.Equal(Errno.E2BIG, map.Update(Max, pair.Client));
        Assert.Equal(Errno.E2BIG, map.Update(uint.MaxValue, pair.Client));
        Assert.Equal(Errno.E2BIG, map.Update(Max, pair.Client, MapUpdateFlags.Exist));
        Assert.Equal(Errno.None, map.Update(Max - 1, pair.Client));
    }

    [Fact]
    public void A_full_sockhash_takes_no_more_but_replaces()
    {
        using var map = TestMap.Create(MapKind.SockHash, Max);
        using Pair one = Tcp.Connect();
        using Pair two = Tcp.Connect();
        Assert.Equal(Errno.None, map.Update(1, one.Client));
        Assert.Equal(Errno.None, map.Update(2, one.Server));

        Assert.Equal(Errno.E2BIG, map.Update(3, two.Client));
        Assert.Equal(Errno.ENOENT, map.Update(3, two.Client, MapUpdateFlags.Exist));
        Assert.Equal(Errno.EEXIST, map.Update(2, two.Client, MapUpdateFlags.NoExist));
        Assert.Equal(Errno.None, map.Update(2, two.Client));
        Assert.Equal(Errno.None, map.Delete(1));
        Assert.Equal(Errno.None, map.Update(3, two.Server));

        Assert.Equal(Errno.None, map.Lookup(2, out ulong cookie));
        Assert.Equal(two.Client.Cookie(), cookie);
        Assert.Equal([2u, 3u], map.Keys().Order());
    }

    [Fact]
    public void Room_comes_back_when_a_socket_closes()
    {
        using var map = TestMap.Create(MapKind.SockHash, 1);
        using Pair one = Tcp.Connect();
        using Pair two = Tcp.Connect();
        Assert.Equal(Errno.None, map.Update(1, one.Client));
        one.Client.Dispose();
        Assert.Equal(Errno.None, map.Update(2, two.Client));
    }

    [Theory]
    [MemberData(nameof(MapTheory.Kinds), MemberType = typeof(MapTheory))]
    internal void Flags_say_what_is_expected_of_the_key(MapKind kind)
    {
        using var map = TestMap.Create(kind, Max);
        using Pair pair = Tcp.Connect();
        Assert.Equal(Errno.ENOENT, map.Update(1, pair.Client, MapUpdateFlags.Exist));
        Assert.Equal(Errno.ENOENT, map.Lookup(1));

        Assert.Equal(Errno.None, map.Update(1, pair.Client, MapUpdateFlags.NoExist));
        Assert.Equal(Errno.EEXIST, map.Update(1, pair.Server, MapUpdateFlags.NoExist));
        Assert.Equal(Errno.None, map.Lookup(1, out ulong cookie));
        Assert.Equal(pair.Client.Cookie(), cookie);

        Assert.Equal(Errno.None, map.Update(1, pair.Server, MapUpdateFlags.Exist));
        Assert.Equal(Errno.None, map.Lookup(1, out cookie));
        Assert.Equal(pair.Server.Cookie(), cookie);
    }

    [Theory]
    [MemberData(nameof(MapTheory.Kinds), MemberType = typeof(MapTheory))]
    internal void Other_flags_are_invalid_before_anything_else_of_the_map_is_looked_at(MapKind kind)
    {
        using var map = TestMap.Create(kind, 1);
        using Pair pair = Tcp.Connect();
        Assert.Equal(Errno.EINVAL, map.Update(0, pair.Client, (MapUpdateFlags)3));
        Assert.Equal(Errno.EINVAL, map.Update(uint.MaxValue, pair.Client, (MapUpdateFlags)3));
        Assert.Equal(Errno.EBADF, map.Update(0, int.MaxValue, (MapUpdateFlags)3));
        Assert.Equal(Errno.ENOENT, map.Lookup(0));
    }

    [Theory]
    [MemberData(nameof(MapTheory.Kinds), MemberType = typeof(MapTheory))]
    internal void Without_programs_a_socket_may_be_anywhere_and_twice(MapKind kind)
    {
        using var map = TestMap.Create(kind);
        using var other = TestMap.Create(kind);
        using Pair pair = Tcp.Connect();
        Assert.Equal(Errno.None, map.Update(0, pair.Client));
        Assert.Equal(Errno.None, map.Update(0, pair.Client));
        Assert.Equal(Errno.None, map.Update(1, pair.Client));
        Assert.Equal(Errno.None, other.Update(3, pair.Client));

        Assert.Equal(Errno.None, map.Delete(0));
        Assert.Equal(Errno.None, map.Lookup(1));
        Assert.Equal(Errno.None, other.Lookup(3));
    }
}
