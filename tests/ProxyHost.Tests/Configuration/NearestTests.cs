using CsCheck;
using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Tests.Configuration;

public class NearestTests
{
    [Theory]
    [InlineData("", "abc", 3)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("lsiten", "listen", 1)]
    [InlineData("listen", "listen", 0)]
    public void Distances(string a, string b, int expected) => Assert.Equal(expected, Nearest.Distance(a, b));

    [Fact]
    public void Distance_is_symmetric_and_at_most_the_longer_word() =>
        Gen.Select(Gen.String[Gen.OneOf('a', 'b', 'c'), 0, 8], Gen.String[Gen.OneOf('a', 'b', 'c'), 0, 8]).Sample((a, b) =>
        {
            Assert.Equal(Nearest.Distance(a, b), Nearest.Distance(b, a));
            Assert.InRange(Nearest.Distance(a, b), Math.Abs(a.Length - b.Length), Math.Max(a.Length, b.Length));
        });

    [Theory]
    [InlineData("balanse", "balance")]
    [InlineData("Idle-Timeout", "idle_timeout")]
    [InlineData("lisen", "listen")]
    [InlineData("list", "listen")]
    [InlineData("xyz", null)]
    [InlineData("b", null)]
    public void Only_what_is_near_is_suggested(string written, string? expected) =>
        Assert.Equal(expected, Nearest.Find(written, ["balance", "idle_timeout", "listen"]));
}
