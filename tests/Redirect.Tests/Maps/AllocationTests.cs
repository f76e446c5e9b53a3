using Sluice.Redirect.Maps;

namespace Sluice.Redirect.Tests.Maps;

public sealed class AllocationTests
{
    [Fact]
    public void A_lookup_allocates_nothing()
    {
        using SockHash map = Make.SockHash(64);
        for (int i = 0; i < 64; i += 2)
            Assert.Equal(Errno.None, map.Update(Make.Key(i), new FakeSocket((ulong)i)));
        Assert.Equal(32, CountFound());

        long before = GC.GetAllocatedBytesForCurrentThread();
        int found = CountFound();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(32, found);

        int CountFound()
        {
            int count = 0;
            for (int i = 0; i < 64; i++)
                count += map.Find(Keys[i]) is null ? 0 : 1;
            return count;
        }
    }

    [Fact]
    public void A_map_for_a_million_entries_costs_little_until_it_has_some()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        using SockHash map = Make.SockHash(1 << 20);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 128 * 1024);

        Assert.Equal(Errno.None, map.Update(Make.Key(1), new FakeSocket(1)));
        Assert.NotNull(map.Find(Make.Key(1)));
        Assert.Null(map.Find(Make.Key(2)));
    }

    private static readonly Redirect.Verdicts.SocketKey[] Keys = [.. Enumerable.Range(0, 64).Select(Make.Key)];
}
