using Sluice.Redirect;
using Sluice.SockMapConformance.Engine;

namespace Sluice.SockMapConformance.Tests;

public sealed class CreateTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    public void Values_have_4_or_8_bytes(int valueSize)
    {
        foreach (MapKind kind in Enum.GetValues<MapKind>())
            TestMap.Create(kind, valueSize: valueSize).Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(16)]
    public void Values_of_another_size_are_refused(int valueSize)
    {
        foreach (MapKind kind in Enum.GetValues<MapKind>())
            AssertRefused(kind, TestMap.KeySize(kind), valueSize, 1);
    }

    [Theory]
    [InlineData(nameof(MapKind.SockMap), 0)]
    [InlineData(nameof(MapKind.SockMap), 2)]
    [InlineData(nameof(MapKind.SockMap), 8)]
    [InlineData(nameof(MapKind.SockHash), 0)]
    public void Keys_of_another_size_are_refused(string kind, int keySize) => AssertRefused(Enum.Parse<MapKind>(kind), keySize, 8, 1);

    [Fact]
    public void A_map_has_an_entry_at_least()
    {
        foreach (MapKind kind in Enum.GetValues<MapKind>())
            AssertRefused(kind, TestMap.KeySize(kind), 8, 0);
    }

    [Fact]
    public void A_sockhash_has_a_bound() => AssertRefused(MapKind.SockHash, TestMap.KeySize(MapKind.SockHash), 8, (1u << 27) + 1);

    private static void AssertRefused(MapKind kind, int keySize, int valueSize, uint maxEntries)
    {
        Assert.Equal(Errno.EINVAL, EngineUnderTest.Get().Create(kind, keySize, valueSize, maxEntries, out IMap? map));
        Assert.Null(map);
    }
}
