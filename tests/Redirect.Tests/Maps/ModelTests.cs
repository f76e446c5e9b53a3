using CsCheck;
using Sluice.Redirect.Maps;

namespace Sluice.Redirect.Tests.Maps;

/// <summary>Random operations on a map without programs and one with, against plain dictionaries.</summary>
public sealed class ModelTests
{
    private const int Keys = 6;
    private const int Sockets = 5;

    private static readonly Gen<Step> AnyStep = Gen.Select(
        Gen.Int[0, 7], Gen.Int[0, 1], Gen.Int[0, Keys - 1], Gen.Int[0, Sockets - 1], Gen.Int[0, 3],
        (kind, map, key, socket, flags) => new Step(kind, map, key, socket, (MapUpdateFlags)flags));

    [Fact]
    public void A_sockhash_is_a_dictionary() => AnyStep.Array[1, 80].Sample(steps =>
        Run(steps, () => Make.SockHash(4), Make.Key, (_, full) => full ? Errno.E2BIG : Errno.None, Errno.ENOENT));

    [Fact]
    public void A_sockmap_is_a_dictionary_of_indices() => AnyStep.Array[1, 80].Sample(steps =>
        Run(steps, () => Make.SockMap(4), number => (uint)number, (number, _) => number >= 4 ? Errno.E2BIG : Errno.None, Errno.EINVAL));

    private static void Run<TKey>(
        Step[] steps, Func<ManagedMap<TKey>> create, Func<int, TKey> keyOf, Func<int, bool, Errno> room, Errno nothing)
        where TKey : unmanaged
    {
        ManagedMap<TKey>[] maps = [create(), create()];
        Assert.Equal(Errno.None, maps[1].Attach(AttachType.SkMsgVerdict, new Pass()));
        Dictionary<int, FakeSocket>[] models = [[], []];
        FakeSocket[] sockets = [.. Enumerable.Range(0, Sockets).Select(i => new FakeSocket((ulong)i + 1))];
        var judged = new HashSet<FakeSocket>();

        foreach (Step step in steps)
        {
            (ManagedMap<TKey> map, Dictionary<int, FakeSocket> model) = (maps[step.Map], models[step.Map]);
            TKey key = keyOf(step.Key);
            FakeSocket socket = sockets[step.Socket];
            switch (step.Kind)
            {
                case <= 3:
                    Assert.Equal(Expected(), map.Update(key, socket, step.Flags));
                    break;
                case <= 5:
                    Assert.Equal(model.Remove(step.Key) ? Errno.None : nothing, map.Delete(key));
                    break;
                case 6:
                    Assert.Equal(model.ContainsKey(step.Key) ? Errno.None : Errno.ENOENT, map.Lookup(key, out ulong cookie));
                    Assert.Equal(model.GetValueOrDefault(step.Key)?.Cookie ?? 0, cookie);
                    break;
                default:
                    socket.Close();
                    sockets[step.Socket] = new FakeSocket(socket.Cookie + Sockets);
                    foreach (Dictionary<int, FakeSocket> all in models)
                        all.Keys.Where(number => all[number] == socket).ToList().ForEach(number => all.Remove(number));
                    break;
            }

            // A psock lives while there is an entry, and carries the verdict if the second map ever brought it meanwhile.
            judged.RemoveWhere(member => models.All(all => !all.ContainsValue(member)));
            AssertSame();

            Errno Expected()
            {
                if (step.Flags > MapUpdateFlags.Exist)
                    return Errno.EINVAL;
                bool taken = model.ContainsKey(step.Key);
                bool isIndex = typeof(TKey) == typeof(uint);
                Errno noRoom = room(step.Key, !taken && model.Count >= 4);
                if (isIndex && noRoom != Errno.None)
                    return noRoom;
                if (step.Map == 1 && judged.Contains(socket))
                    return Errno.EBUSY;
                if (step.Flags == MapUpdateFlags.NoExist && taken)
                    return Errno.EEXIST;
                if (step.Flags == MapUpdateFlags.Exist && !taken)
                    return Errno.ENOENT;
                if (noRoom != Errno.None)
                    return noRoom;

                model[step.Key] = socket;
                if (step.Map == 1)
                    judged.Add(socket);
                return Errno.None;
            }
        }

        void AssertSame()
        {
            for (int i = 0; i < maps.Length; i++)
            {
                for (int number = 0; number < Keys; number++)
                    Assert.Same(models[i].GetValueOrDefault(number), maps[i].Find(keyOf(number)));
                if (maps[i] is SockHash hash)
                    Assert.Equal(models[i].Keys.Select(Make.Key).ToHashSet(), Enumeration.Of(hash).ToHashSet());
            }

            foreach (FakeSocket socket in sockets)
            {
                Assert.Equal(models.Sum(all => all.Values.Count(member => member == socket)), socket.Memberships.Count);
                Assert.Equal(judged.Contains(socket), socket.Memberships.Programs.MsgParser is not null);
            }
        }
    }

    private sealed record Step(int Kind, int Map, int Key, int Socket, MapUpdateFlags Flags);
}
