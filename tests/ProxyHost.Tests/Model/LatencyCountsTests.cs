using Sluice.ProxyHost.Model.Live;

namespace Sluice.ProxyHost.Tests.Model;

public class LatencyCountsTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.0001, 0)]
    [InlineData(0.000101, 1)]
    [InlineData(0.001, 3)]
    [InlineData(10, 15)]
    [InlineData(10.1, 16)]
    [InlineData(1e6, 16)]
    public void A_bound_belongs_to_its_bucket_and_the_last_has_none(double seconds, int bucket)
    {
        var counts = new LatencyCounts();
        counts.Add(TimeSpan.FromSeconds(seconds));
        Assert.Equal(Enumerable.Range(0, LatencyCounts.Bounds.Length + 1).Select(i => i == bucket ? 1L : 0), counts.Read());
        Assert.Equal(TimeSpan.FromSeconds(seconds), counts.Sum);
    }
}
