using System.Net.Sockets;
using Sluice.Redirect;
using Sluice.Redirect.Maps;
using Sluice.SockMapConformance.Engine;
using Sluice.SockMapConformance.Wire;

namespace Sluice.SockMapConformance.Tests;

/// <summary>Listening sockets in maps, and what becomes of the connections that they accept.</summary>
public sealed class ListenTests
{
    [Theory]
    [MemberData(nameof(MapTheory.KindsAndSlots), MemberType = typeof(MapTheory))]
    internal void A_connection_accepted_while_the_listener_is_in_a_map_carries_no_psock(MapKind kind, AttachType slot)
    {
        using var map = TestMap.CreateWith(kind, slot);
        using Socket listener = Tcp.Listen();
        Assert.Equal(Errno.None, map.Update(0, listener));
        using Socket client = Tcp.Dial(listener);
        using Socket child = listener.Accept();

        Assert.Equal(Errno.None, map.Update(1, child, MapUpdateFlags.NoExist));
        Assert.Equal(Errno.None, map.Lookup(1, out ulong cookie));
        Assert.Equal(child.Cookie(), cookie);
        child.Dispose();
        Assert.Equal(Errno.ENOENT, map.Lookup(1));
        Assert.Equal(Errno.None, map.Lookup(0, out cookie));
        Assert.Equal(listener.Cookie(), cookie);
    }

    [Theory]
    [MemberData(nameof(MapTheory.Kinds), MemberType = typeof(MapTheory))]
    internal void A_connection_survives_the_listener_s_entry_whichever_came_first(MapKind kind)
    {
        using var map = TestMap.CreateWith(kind, AttachType.SkMsgVerdict);
        using Socket listener = Tcp.Listen();
        Assert.Equal(Errno.None, map.Update(0, listener));
        using Socket first = Tcp.Dial(listener);
        using Socket early = listener.Accept();
        using Socket second = Tcp.Dial(listener);
        Assert.Equal(Errno.None, map.Delete(0));
        using Socket late = listener.Accept();

        AssertCarries(first, early);
        AssertCarries(second, late);
    }

    [Theory]
    [MemberData(nameof(MapTheory.Kinds), MemberType = typeof(MapTheory))]
    internal void A_listener_that_closes_leaves_the_map_and_what_it_accepted_stays(MapKind kind)
    {
        using var map = TestMap.Create(kind);
        using Socket listener = Tcp.Listen();
        Assert.Equal(Errno.None, map.Update(0, listener));
        using Socket client = Tcp.Dial(listener);
        using Socket child = listener.Accept();
        using Socket orphan = Tcp.Dial(listener);
        Assert.Equal(Errno.None, map.Update(1, child));
        listener.Dispose();

        Assert.Equal(Errno.ENOENT, map.Lookup(0));
        Assert.Equal(Errno.None, map.Lookup(1));
    }

    private static void AssertCarries(Socket from, Socket to)
    {
        byte[] bytes = [1, 2, 3];
        Assert.Equal(3, from.Send(bytes));
        Assert.Equal(3, to.Receive(bytes));
        Assert.Equal([1, 2, 3], bytes);
    }
}
