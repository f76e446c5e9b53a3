using System.Net.Sockets;
using Sluice.Redirect;
using Sluice.Redirect.Maps;
using Sluice.SockMapConformance.Engine;
using Sluice.SockMapConformance.Wire;

namespace Sluice.SockMapConformance.Tests;

/// <summary>Program slots, links, and what a socket inherits.</summary>
public sealed class ProgramTests
{
    private static IEngine Engine => EngineUnderTest.Get();

    [Theory]
    [MemberData(nameof(MapTheory.KindsAndSlots), MemberType = typeof(MapTheory))]
    internal void Attaching_again_replaces_and_detaching_wants_the_one_that_is_there(MapKind kind, AttachType slot)
    {
        using var map = TestMap.Create(kind);
        using IProgram first = Engine.LoadPass(slot);
        using IProgram second = Engine.LoadPass(slot);
        Assert.Equal(Errno.ENOENT, map.Detach(slot, first));
        Assert.Equal(Errno.None, map.Attach(slot, first));
        Assert.Equal(Errno.None, map.Attach(slot, first));
        Assert.Equal(Errno.ENOENT, map.Detach(slot, second));
        Assert.Equal(Errno.None, map.Attach(slot, second));
        Assert.Equal(Errno.ENOENT, map.Detach(slot, first));
        Assert.Equal(Errno.None, map.Detach(slot, second));
        Assert.Equal(Errno.ENOENT, map.Detach(slot, second));
    }

    [Theory]
    [InlineData(nameof(MapKind.SockMap), AttachType.SkSkbVerdict, AttachType.SkSkbStreamVerdict)]
    [InlineData(nameof(MapKind.SockHash), AttachType.SkSkbStreamVerdict, AttachType.SkSkbVerdict)]
    public void Stream_verdict_and_skb_verdict_exclude_one_another(string kind, AttachType slot, AttachType other)
    {
        using var map = TestMap.Create(Enum.Parse<MapKind>(kind));
        using IProgram program = Engine.LoadPass(slot);
        using IProgram excluded = Engine.LoadPass(other);
        Assert.Equal(Errno.None, map.Attach(slot, program));
        Assert.Equal(Errno.EBUSY, map.Attach(other, excluded));
        Assert.Equal(Errno.EBUSY, map.Detach(other, excluded));
        Assert.Equal(Errno.EBUSY, map.Raw.Link(other, excluded, out _));
        Assert.Equal(Errno.None, map.Detach(slot, program));
        Assert.Equal(Errno.None, map.Attach(other, excluded));
    }

    [Theory]
    [MemberData(nameof(MapTheory.KindsAndSlots), MemberType = typeof(MapTheory))]
    internal void A_link_holds_its_slot_until_it_goes(MapKind kind, AttachType slot)
    {
        using var map = TestMap.Create(kind);
        using IProgram program = Engine.LoadPass(slot);
        using IProgram other = Engine.LoadPass(slot);
        using (ILink link = map.Link(slot, program))
        {
            Assert.Equal(Errno.EBUSY, map.Attach(slot, other));
            Assert.Equal(Errno.EBUSY, map.Detach(slot, program));
            Assert.Equal(Errno.EBUSY, map.Raw.Link(slot, other, out _));
            Assert.Equal(Errno.EPERM, link.Replace(other, expected: other));
            Assert.Equal(Errno.None, link.Replace(other, expected: program));
            Assert.Equal(Errno.None, link.Replace(program));
            Assert.Equal(Errno.EBUSY, map.Detach(slot, program));
        }

        Assert.Equal(Errno.ENOENT, map.Detach(slot, program));
        Assert.Equal(Errno.None, map.Attach(slot, other));
    }

    [Theory]
    [MemberData(nameof(MapTheory.KindsAndSlots), MemberType = typeof(MapTheory))]
    internal void A_link_takes_the_place_of_what_was_attached(MapKind kind, AttachType slot)
    {
        using var map = TestMap.CreateWith(kind, slot);
        using IProgram program = Engine.LoadPass(slot);
        map.Link(slot, program).Dispose();
        Assert.Equal(Errno.ENOENT, map.Detach(slot, program));
        using Pair pair = Tcp.Connect();
        AssertBusyTwice(map, pair.Client, busy: false);
    }

    [Theory]
    [MemberData(nameof(MapTheory.KindsAndSlots), MemberType = typeof(MapTheory))]
    internal void With_a_program_a_socket_may_be_in_a_map_once(MapKind kind, AttachType slot)
    {
        using var map = TestMap.CreateWith(kind, slot);
        using Pair pair = Tcp.Connect();
        AssertBusyTwice(map, pair.Client, busy: true);
        Assert.Equal(Errno.None, map.Update(2, pair.Server));
        // Busy comes before what the flags expect.
        Assert.Equal(Errno.EBUSY, map.Update(2, pair.Client, MapUpdateFlags.NoExist));
        Assert.Equal(Errno.EBUSY, map.Update(3, pair.Client, MapUpdateFlags.Exist));
    }

    [Theory]
    [MemberData(nameof(MapTheory.KindsAndSlots), MemberType = typeof(MapTheory))]
    internal void A_socket_keeps_programs_until_it_has_left_the_maps(MapKind kind, AttachType slot)
    {
        using var map = TestMap.CreateWith(kind, slot);
        using var plain = TestMap.Create(kind);
        using Pair pair = Tcp.Connect();
        Assert.Equal(Errno.None, map.Update(0, pair.Client));
        Assert.Equal(Errno.None, plain.Update(0, pair.Client));

        Assert.Equal(Errno.EBUSY, map.Update(0, pair.Client));
        Assert.Equal(Errno.None, map.Delete(0));
        if (slot is AttachType.SkMsgVerdict or AttachType.SkSkbStreamParser)
        {
            // These last as long as the psock, which the other map keeps.
            Assert.Equal(Errno.EBUSY, map.Update(0, pair.Client));
            Assert.Equal(Errno.None, plain.Delete(0));
        }

        Assert.Equal(Errno.None, map.Update(0, pair.Client));
    }

    [Theory]
    [MemberData(nameof(MapTheory.KindsAndSlots), MemberType = typeof(MapTheory))]
    internal void Attaching_affects_later_inserts_only(MapKind kind, AttachType slot)
    {
        using var map = TestMap.Create(kind);
        using var other = TestMap.CreateWith(kind, slot);
        using Pair pair = Tcp.Connect();
        using IProgram program = Engine.LoadPass(slot);
        Assert.Equal(Errno.None, map.Update(0, pair.Client));
        Assert.Equal(Errno.None, map.Attach(slot, program));
        Assert.Equal(Errno.None, map.Update(1, pair.Server));

        Assert.Equal(Errno.EBUSY, other.Update(0, pair.Server));
        Assert.Equal(Errno.None, other.Update(1, pair.Client));

        // Detaching takes nothing from those who have it.
        Assert.Equal(Errno.None, map.Detach(slot, program));
        Assert.Equal(Errno.EBUSY, other.Update(0, pair.Server));
    }

    [Theory]
    [InlineData(nameof(MapKind.SockMap), AttachType.SkSkbVerdict)]
    [InlineData(nameof(MapKind.SockHash), AttachType.SkSkbStreamVerdict)]
    public void Leaving_a_map_takes_its_parser_and_verdict_along(string kind, AttachType verdict)
    {
        using var plain = TestMap.Create(Enum.Parse<MapKind>(kind));
        using var map = TestMap.CreateWith(Enum.Parse<MapKind>(kind), verdict);
        using IProgram parser = Engine.LoadPass(AttachType.SkSkbStreamParser);
        Assert.Equal(Errno.None, map.Attach(AttachType.SkSkbStreamParser, parser));
        using Pair pair = Tcp.Connect();
        Assert.Equal(Errno.None, plain.Update(0, pair.Client));
        Assert.Equal(Errno.None, map.Update(0, pair.Client));
        Assert.Equal(Errno.None, map.Delete(0));

        using var parsing = TestMap.CreateWith(MapKind.SockMap, AttachType.SkSkbStreamParser);
        using var judging = TestMap.CreateWith(MapKind.SockMap, verdict);
        Assert.Equal(Errno.None, parsing.Update(0, pair.Client));
        Assert.Equal(Errno.None, judging.Update(0, pair.Client));
    }

    [Fact]
    public void Leaving_a_map_takes_what_the_map_has_by_then()
    {
        using var judging = TestMap.CreateWith(MapKind.SockHash, AttachType.SkSkbVerdict);
        using var plain = TestMap.Create(MapKind.SockHash);
        using Pair pair = Tcp.Connect();
        Assert.Equal(Errno.None, judging.Update(0, pair.Client));
        Assert.Equal(Errno.None, plain.Update(0, pair.Client));

        // The verdict of one map goes with the entry in another one, because that one has a verdict now.
        using IProgram later = Engine.LoadPass(AttachType.SkSkbVerdict);
        Assert.Equal(Errno.None, plain.Attach(AttachType.SkSkbVerdict, later));
        Assert.Equal(Errno.EBUSY, judging.Update(1, pair.Client));
        Assert.Equal(Errno.None, plain.Delete(0));
        Assert.Equal(Errno.None, judging.Update(1, pair.Client));
    }

    [Fact]
    public void Programs_of_different_slots_come_together_from_several_maps()
    {
        using var parsing = TestMap.CreateWith(MapKind.SockMap, AttachType.SkSkbStreamParser);
        using var judging = TestMap.CreateWith(MapKind.SockHash, AttachType.SkSkbStreamVerdict);
        using var sending = TestMap.CreateWith(MapKind.SockHash, AttachType.SkMsgVerdict);
        using var skb = TestMap.CreateWith(MapKind.SockMap, AttachType.SkSkbVerdict);
        using Pair pair = Tcp.Connect();
        Assert.Equal(Errno.None, parsing.Update(0, pair.Client));
        Assert.Equal(Errno.None, judging.Update(0, pair.Client));
        Assert.Equal(Errno.None, sending.Update(0, pair.Client));
        Assert.Equal(Errno.EBUSY, skb.Update(0, pair.Client));

        Assert.Equal(Errno.None, skb.Update(0, pair.Server));
        Assert.Equal(Errno.EBUSY, judging.Update(1, pair.Server));
    }

    [Theory]
    [MemberData(nameof(MapTheory.KindsAndSlots), MemberType = typeof(MapTheory))]
    internal void Listening_and_unconnected_sockets_inherit_as_well(MapKind kind, AttachType slot)
    {
        using var map = TestMap.CreateWith(kind, slot);
        using Socket listener = Tcp.Listen();
        using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        udp.Bind(Tcp.Loopback());
        AssertBusyTwice(map, listener, busy: true);
        Assert.Equal(Errno.None, map.Delete(0));
        AssertBusyTwice(map, udp, busy: true);
    }

    private static void AssertBusyTwice(TestMap map, Socket socket, bool busy)
    {
        Assert.Equal(Errno.None, map.Update(0, socket));
        Assert.Equal(busy ? Errno.EBUSY : Errno.None, map.Update(0, socket));
        Assert.Equal(busy ? Errno.EBUSY : Errno.None, map.Update(1, socket));
    }
}
