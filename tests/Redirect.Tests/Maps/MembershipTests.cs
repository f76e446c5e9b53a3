using Sluice.Redirect.Maps;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Tests.Maps;

/// <summary>What a psock relies on: the programs it has, and that it hears when they change.</summary>
public sealed class MembershipTests
{
    [Fact]
    public void An_inserted_socket_has_the_programs_of_that_moment_and_hears_of_it()
    {
        using SockHash map = Make.SockHash(8);
        var verdict = new Pass();
        var parser = new Whole();
        Assert.Equal(Errno.None, map.Attach(AttachType.SkSkbStreamVerdict, verdict));
        Assert.Equal(Errno.None, map.Attach(AttachType.SkSkbStreamParser, parser));
        var socket = new FakeSocket(1);

        Assert.Equal(Errno.None, map.Update(Make.Key(1), socket));
        Assert.Equal(new AttachedPrograms(null, parser, verdict, null), socket.Seen);
        Assert.Equal(1, socket.Changes);

        Assert.Equal(Errno.None, map.Attach(AttachType.SkSkbStreamVerdict, new Pass()));
        Assert.Same(verdict, socket.Memberships.Programs.StreamVerdict);
        Assert.Equal(1, socket.Changes);

        Assert.Equal(Errno.None, map.Delete(Make.Key(1)));
        Assert.Equal(2, socket.Changes);
        Assert.Same(AttachedPrograms.None, socket.Seen);
        Assert.False(socket.Memberships.Any);
    }

    [Fact]
    public void One_constant_program_costs_no_object_for_each_socket()
    {
        using SockHash map = Make.SockHash(8);
        Assert.Equal(Errno.None, map.Attach(AttachType.SkSkbVerdict, new Pass()));
        var socket = new FakeSocket(1);
        Assert.Equal(Errno.None, map.Update(Make.Key(1), socket));
        Assert.Same(map.Programs, socket.Memberships.Programs);
    }

    [Fact]
    public void A_socket_that_is_replaced_hears_of_it_and_may_come_back()
    {
        using SockMap map = Make.SockMap(1);
        Assert.Equal(Errno.None, map.Attach(AttachType.SkMsgVerdict, new Pass()));
        (FakeSocket first, FakeSocket second) = (new(1), new(2));
        Assert.Equal(Errno.None, map.Update(0, first));
        Assert.Equal(Errno.None, map.Update(0, second));
        Assert.Same(AttachedPrograms.None, first.Seen);
        Assert.Equal(Errno.None, map.Update(0, first));
        Assert.False(second.Memberships.Any);
    }

    [Fact]
    public void An_update_that_fails_changes_nothing()
    {
        using SockHash map = Make.SockHash(1);
        (FakeSocket inside, FakeSocket outside) = (new(1), new(2));
        Assert.Equal(Errno.None, map.Update(Make.Key(1), inside));
        Assert.Equal(Errno.None, map.Attach(AttachType.SkMsgVerdict, new Pass()));

        Assert.Equal(Errno.E2BIG, map.Update(Make.Key(2), outside));
        Assert.Equal(Errno.EEXIST, map.Update(Make.Key(1), outside, MapUpdateFlags.NoExist));
        Assert.Equal(Errno.ENOENT, map.Update(Make.Key(2), outside, MapUpdateFlags.Exist));
        Assert.False(outside.Memberships.Any);
        Assert.Same(AttachedPrograms.None, outside.Memberships.Programs);
        Assert.Equal(0, outside.Changes);
        Assert.Equal(1, inside.Changes);
        Assert.Equal(1, map.Count);
    }

    [Fact]
    public void A_closed_socket_leaves_all_maps_and_enters_none()
    {
        using SockHash hash = Make.SockHash(4);
        using SockMap array = Make.SockMap(4);
        var socket = new FakeSocket(1);
        Assert.Equal(Errno.None, hash.Update(Make.Key(1), socket));
        Assert.Equal(Errno.None, hash.Update(Make.Key(2), socket));
        Assert.Equal(Errno.None, array.Update(3, socket));
        socket.Close();

        Assert.Null(hash.Find(Make.Key(1)));
        Assert.Null(array.Find(3));
        Assert.Equal(0, hash.Count);
        Assert.Equal(Errno.EOPNOTSUPP, array.Update(3, socket));
    }

    [Fact]
    public void A_state_that_maps_do_not_take_comes_first()
    {
        using SockMap map = Make.SockMap(1);
        var socket = new FakeSocket(1) { State = Errno.EOPNOTSUPP };
        Assert.Equal(Errno.EOPNOTSUPP, map.Update(9, socket, (MapUpdateFlags)7));
        socket.State = Errno.None;
        Assert.Equal(Errno.EINVAL, map.Update(9, socket, (MapUpdateFlags)7));
        Assert.Equal(Errno.E2BIG, map.Update(9, socket));
    }

    [Fact]
    public void A_map_that_is_disposed_lets_its_sockets_go()
    {
        SockHash map = Make.SockHash(4);
        Assert.Equal(Errno.None, map.Link(AttachType.SkMsgVerdict, new Pass(), out IMapLink<IVerdictProgram>? link));
        var socket = new FakeSocket(1);
        Assert.Equal(Errno.None, map.Update(Make.Key(1), socket));
        map.Dispose();

        Assert.False(socket.Memberships.Any);
        Assert.Same(AttachedPrograms.None, socket.Seen);
        Assert.Null(map.Find(Make.Key(1)));
        Assert.Equal(Errno.EBADF, map.Update(Make.Key(1), socket));
        Assert.Equal(Errno.EBADF, map.Attach(AttachType.SkMsgVerdict, new Pass()));
        Assert.Equal(Errno.ENOLINK, link!.Replace(new Pass()));
        link.Dispose();
    }

    [Fact]
    public void A_parser_is_no_verdict()
    {
        using SockMap map = Make.SockMap(1);
        Assert.Equal(Errno.EINVAL, map.Attach(AttachType.SkSkbStreamParser, new Pass()));
        Assert.Equal(Errno.EINVAL, map.Detach(AttachType.SkSkbStreamParser, new Pass()));
        Assert.Equal(Errno.EINVAL, map.Link(AttachType.SkSkbStreamParser, new Pass(), out _));
        Assert.Equal(Errno.EINVAL, map.Attach((AttachType)1, new Pass()));
        Assert.Equal(Errno.EINVAL, map.Attach(AttachType.SkMsgVerdict, new Whole()));
        Assert.Equal(Errno.EINVAL, map.Detach(AttachType.SkSkbVerdict, new Whole()));
        Assert.Equal(Errno.EINVAL, map.Link(AttachType.SkSkbStreamVerdict, new Whole(), out _));
    }

    [Fact]
    public void What_a_redirect_cannot_reach_is_held_and_not_found()
    {
        using SockMap map = Make.SockMap(1);
        Assert.Equal(Errno.None, map.Update(0, new FakeSocket(7) { AllowsRedirect = false }));
        Assert.Null(map.Find(0));
        Assert.Equal(Errno.None, map.Lookup(0, out ulong cookie));
        Assert.Equal(7UL, cookie);
    }
}
