using System.Net;
using System.Net.Sockets;
using Sluice.Redirect.Maps;
using Sluice.Redirect.Reactors;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Tests.Maps;

/// <summary>
/// Several reactors work on the same two maps with real connections of their own, which close meanwhile. Each has keys that
/// nobody else touches, and for those a plain dictionary says the result of every operation; all of them fight over the rest.
/// </summary>
public sealed class ReactorConcurrencyTests
{
    private const int Reactors = 4;
    private const int OwnKeys = 6;
    private const int SharedKeys = 4;
    private const int Sockets = 4;
    private const int Steps = 4000;

    private static readonly Pass Program = new();

    private readonly SockHash _plain = Make.SockHash((Reactors * OwnKeys) + SharedKeys);
    private readonly SockHash _judging = Make.SockHash((Reactors * OwnKeys) + SharedKeys);

    [Fact]
    public async Task Each_reactor_finds_what_its_dictionary_has()
    {
        Assert.Equal(Errno.None, _judging.Attach(AttachType.SkSkbVerdict, Program));
        Reactor[] reactors = [.. Enumerable.Range(0, Reactors).Select(i => new Reactor(i, 0))];
        try
        {
            await Task.WhenAll(reactors.Select(reactor => reactor.InvokeAsync(async () =>
            {
                await WorkAsync(reactor);
                return true;
            }))).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        }
        finally
        {
            await Task.WhenAll(reactors.Select(reactor => reactor.StopAsync()));
        }

        // Every socket has been closed.
        Assert.Equal((0, 0), (_plain.Count, _judging.Count));
        Assert.Empty(Enumeration.Of(_plain));
        Assert.Empty(Enumeration.Of(_judging));
    }

    private async Task WorkAsync(Reactor reactor)
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(4);
        var random = new Random(reactor.Index);
        var model = new Model(this, reactor.Index);
        List<(StreamSocket Socket, Socket Remote)> own = [];
        List<(StreamSocket Socket, Socket Remote)> shared = [];
        for (int i = 0; i < Sockets; i++)
        {
            own.Add(await ConnectAsync(reactor, listener));
            shared.Add(await ConnectAsync(reactor, listener));
        }

        for (int step = 0; step < Steps; step++)
        {
            int number = random.Next(Sockets);
            if (random.Next(100) == 0)
            {
                model.Close(own[number].Socket);
                own[number] = await ReplaceAsync(own[number], listener);
                shared[number] = await ReplaceAsync(shared[number], listener);
            }

            model.Step(random, own[number].Socket);
            Fight(random, shared[number].Socket);
            if (step % 64 == 0)
                await Task.Yield(); // lets the reactor see to its sockets
        }

        foreach ((StreamSocket socket, Socket remote) in own.Concat(shared))
        {
            model.Close(socket);
            socket.Close();
            remote.Dispose();
            Assert.Equal(0, socket.Memberships.Count);
            Assert.Same(AttachedPrograms.None, socket.Memberships.Programs);
        }

        model.AssertSame();
    }

    // Any result may be right here, but not a closed socket that stays, nor one of nobody.
    private void Fight(Random random, StreamSocket socket)
    {
        SocketKey key = Make.Key(1000 + random.Next(SharedKeys));
        SockHash map = random.Next(2) == 0 ? _plain : _judging;
        switch (random.Next(4))
        {
            case 0:
                _ = map.Delete(key);
                break;
            case 1:
                IRedirectSocket? found = map.Find(key);
                Assert.True(found is null || found.Cookie != 0 || !((IMapSocket)found).IsOpen);
                break;
            default:
                Assert.Contains(
                    map.Update(key, socket, (MapUpdateFlags)random.Next(3)),
                    new[] { Errno.None, Errno.EBUSY, Errno.EEXIST, Errno.ENOENT });
                break;
        }
    }

    private static async Task<(StreamSocket Socket, Socket Remote)> ReplaceAsync(
        (StreamSocket Socket, Socket Remote) connection, Socket listener)
    {
        connection.Socket.Close();
        connection.Remote.Dispose();
        return await ConnectAsync(connection.Socket.Reactor, listener);
    }

    private static async Task<(StreamSocket Socket, Socket Remote)> ConnectAsync(Reactor reactor, Socket listener)
    {
        var connection = (ReactorConnection)(await ConnectOperation.StartAsync(
            reactor, (IPEndPoint)listener.LocalEndPoint!, TimeSpan.FromSeconds(10))).Connection!;
        return (connection.TakeSocket(), listener.Accept());
    }

    /// <summary>A reactor's own keys in both maps. A socket carries the program while the judging map has it.</summary>
    private sealed class Model(ReactorConcurrencyTests test, int reactor)
    {
        private readonly Dictionary<int, StreamSocket>[] _entries = [[], []];

        public void Step(Random random, StreamSocket socket)
        {
            int which = random.Next(2);
            (SockHash map, Dictionary<int, StreamSocket> entries) = (which == 0 ? test._plain : test._judging, _entries[which]);
            int number = random.Next(OwnKeys);
            var flags = (MapUpdateFlags)random.Next(4);
            switch (random.Next(3))
            {
                case 0:
                    Assert.Equal(entries.Remove(number) ? Errno.None : Errno.ENOENT, map.Delete(Key(number)));
                    break;
                case 1:
                    Assert.Equal(entries.ContainsKey(number) ? Errno.None : Errno.ENOENT, map.Lookup(Key(number), out ulong cookie));
                    Assert.Equal(entries.GetValueOrDefault(number)?.Cookie ?? 0, cookie);
                    Assert.Same(entries.GetValueOrDefault(number), map.Find(Key(number)));
                    break;
                default:
                    Errno expected = Expected(entries, number, flags, isBusy: which == 1 && entries.ContainsValue(socket));
                    Assert.Equal(expected, map.Update(Key(number), socket, flags));
                    if (expected == Errno.None)
                        entries[number] = socket;
                    break;
            }

            Assert.Equal(_entries.Sum(all => all.Values.Count(member => member == socket)), socket.Memberships.Count);
            Assert.Equal(_entries[1].ContainsValue(socket), socket.Memberships.Programs.SkbVerdict is not null);
        }

        public void Close(StreamSocket socket)
        {
            foreach (Dictionary<int, StreamSocket> entries in _entries)
                entries.Where(entry => entry.Value == socket).ToList().ForEach(entry => entries.Remove(entry.Key));
        }

        public void AssertSame()
        {
            for (int number = 0; number < OwnKeys; number++)
            {
                Assert.Same(_entries[0].GetValueOrDefault(number), test._plain.Find(Key(number)));
                Assert.Same(_entries[1].GetValueOrDefault(number), test._judging.Find(Key(number)));
            }
        }

        private static Errno Expected(Dictionary<int, StreamSocket> entries, int number, MapUpdateFlags flags, bool isBusy) => flags switch
        {
            > MapUpdateFlags.Exist => Errno.EINVAL,
            _ when isBusy => Errno.EBUSY,
            MapUpdateFlags.NoExist when entries.ContainsKey(number) => Errno.EEXIST,
            MapUpdateFlags.Exist when !entries.ContainsKey(number) => Errno.ENOENT,
            _ => Errno.None,
        };

        private SocketKey Key(int number) => Make.Key((reactor * OwnKeys) + number);
    }
}
