using Sluice.Redirect.Maps;
using Sluice.Redirect.Reactors;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Tests.Maps;

/// <summary>Random operations from several reactors at once on the same keys and sockets.</summary>
public sealed class ConcurrencyTests
{
    private const int Keys = 12;
    private const int Places = 4;
    private const int Steps = 200_000;
    private const int Reactors = 4;

    [Fact]
    public async Task A_sockhash_stays_whole() => await StaysWholeAsync(Make.SockHash(Keys - 4), Make.SockHash(Keys), Make.Key);

    [Fact]
    public async Task A_sockmap_stays_whole() => await StaysWholeAsync(Make.SockMap(Keys), Make.SockMap(Keys), number => (uint)number);

    [Fact]
    public async Task What_is_put_into_a_sockhash_while_it_goes_does_not_stay()
    {
        using var start = new Barrier(2);
        for (int round = 0; round < 500; round++)
        {
            SockHash map = Make.SockHash(1 << 10);
            FakeSocket[] sockets = [.. Enumerable.Range(0, 64).Select(i => new FakeSocket((ulong)i))];
            Task going = Task.Run(
                () =>
                {
                    start.SignalAndWait();
                    map.Dispose();
                },
                TestContext.Current.CancellationToken);
            start.SignalAndWait(TestContext.Current.CancellationToken);
            for (int i = 0; i < sockets.Length; i++)
                Assert.Contains(map.Update(Make.Key(i), sockets[i]), new[] { Errno.None, Errno.EBADF });
            await going;
            Assert.All(sockets, socket => Assert.False(socket.Memberships.Any));
            Assert.Equal(0, map.Count);
        }
    }

    // The socket of a place goes under every key of that place only, so a lookup can tell a wrong socket.
    private static async Task StaysWholeAsync<TKey>(ManagedMap<TKey> judging, ManagedMap<TKey> plain, Func<int, TKey> keyOf)
        where TKey : unmanaged
    {
        TKey[] keys = [.. Enumerable.Range(0, Keys).Select(keyOf)];
        FakeSocket[] sockets = [.. Enumerable.Range(0, Places).Select(place => new FakeSocket((ulong)place))];
        var all = new System.Collections.Concurrent.ConcurrentBag<FakeSocket>(sockets);
        using var start = new Barrier(Reactors);
        Reactor[] reactors = [.. Enumerable.Range(0, Reactors).Select(i => new Reactor(i, 0))];
        try
        {
            await Task.WhenAll(reactors.Select(reactor => reactor.InvokeAsync(() => Task.FromResult(Work(new Random(reactor.Index))))))
                .WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        }
        finally
        {
            await Task.WhenAll(reactors.Select(reactor => reactor.StopAsync()));
        }

        AssertWhole();
        foreach (FakeSocket socket in all)
            socket.Close();
        Assert.All(keys, key => Assert.Null(judging.Find(key) ?? plain.Find(key)));
        Assert.All(all, socket => Assert.Equal(0, socket.Memberships.Count));
        Assert.All(Hashes(), hash => Assert.Equal(0, hash.Count));

        bool Work(Random random)
        {
            var program = new Pass();
            Assert.True(start.SignalAndWait(TimeSpan.FromSeconds(30))); // else the first is done before the last begins
            for (int step = 0; step < Steps; step++)
            {
                int number = random.Next(Keys);
                TKey key = keys[number];
                int place = number % Places;
                ManagedMap<TKey> map = random.Next(2) == 0 ? judging : plain;
                switch (random.Next(12))
                {
                    case < 4:
                        _ = map.Update(key, Volatile.Read(ref sockets[place]), (MapUpdateFlags)random.Next(3));
                        break;
                    case < 6:
                        _ = map.Delete(key);
                        break;
                    case 6:
                        FakeSocket fresh = new((ulong)place);
                        all.Add(fresh);
                        Interlocked.Exchange(ref sockets[place], fresh).Close();
                        break;
                    case 7:
                        _ = judging.Attach(AttachType.SkSkbVerdict, program);
                        break;
                    case 8:
                        _ = judging.Detach(AttachType.SkSkbVerdict, program);
                        break;
                    case 9 when random.Next(64) == 0:
                        Assert.InRange(Enumeration.Of(map).Count, 0, 100 * Keys);
                        break;
                    default:
                        if (map.Find(key) is { } found)
                            Assert.Equal((ulong)place, found.Cookie);
                        break;
                }
            }

            return true;
        }

        IEnumerable<SockHash> Hashes() => new object[] { judging, plain }.OfType<SockHash>();

        // Every entry is in its socket's list and the reverse; nobody has programs without an entry.
        void AssertWhole()
        {
            IRedirectSocket[] entries = [.. keys.SelectMany(key => new[] { judging.Find(key), plain.Find(key) }).OfType<IRedirectSocket>()];
            Assert.All(all, socket => Assert.Equal(entries.Count(entry => entry == socket), socket.Memberships.Count));
            Assert.All(all.Where(socket => !socket.Memberships.Any), socket => Assert.Same(AttachedPrograms.None, socket.Memberships.Programs));
            foreach (SockHash hash in Hashes())
            {
                Assert.InRange(hash.Count, 0, (int)hash.MaxEntries);
                Assert.Equal(hash.Count, Enumeration.Of(hash).Count);
            }
        }
    }
}
