using Sluice.Redirect.Linux;
using Sluice.Redirect.Reactors;

namespace Sluice.Redirect.Tests.Reactors;

/// <summary>An event that was fetched before its registration ended reaches nobody, above all not the slot's next owner.</summary>
public sealed class RegistrationTableTests
{
    [Fact]
    public void AKeyFindsItsRegistrationUntilItIsRemoved()
    {
        var table = new RegistrationTable();
        var registration = new Watched();
        ulong key = table.Add(registration);
        Assert.Same(registration, table.Find(key));

        table.Remove(registration);
        Assert.Null(table.Find(key));
        Assert.Equal(0, table.Count);
    }

    [Fact]
    public void AnOldKeyDoesNotFindTheSlotsNextOwner()
    {
        var table = new RegistrationTable();
        var first = new Watched();
        ulong old = table.Add(first);
        table.Remove(first);

        var second = new Watched();
        ulong current = table.Add(second);
        Assert.Equal((uint)old, (uint)current);
        Assert.Null(table.Find(old));
        Assert.Same(second, table.Find(current));
    }

    [Fact]
    public void GrowsAndReusesEverySlot()
    {
        var table = new RegistrationTable();
        var all = Enumerable.Range(0, 5000).Select(_ => new Watched()).ToList();
        var keys = all.ConvertAll(table.Add);
        for (int i = 0; i < all.Count; i += 2)
            table.Remove(all[i]);
        Assert.Equal(all.Where((_, i) => i % 2 == 1), table.ToArray());

        var later = Enumerable.Range(0, 2500).Select(_ => new Watched()).ToList();
        Assert.All(later, registration => Assert.Same(registration, table.Find(table.Add(registration))));
        Assert.All(Enumerable.Range(0, 5000), i => Assert.Same(i % 2 == 1 ? all[i] : null, table.Find(keys[i])));
        Assert.Equal(5000, table.ToArray().Length);
    }

    private sealed class Watched : EpollRegistration
    {
        internal override void OnReady(EpollEvents events) => throw new InvalidOperationException();

        internal override void OnFault(Exception exception) => throw new InvalidOperationException();
    }
}
