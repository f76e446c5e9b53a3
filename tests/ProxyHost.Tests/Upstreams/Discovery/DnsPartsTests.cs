using Sluice.ProxyHost.Upstreams.Discovery;

namespace Sluice.ProxyHost.Tests.Upstreams.Discovery;

/// <summary>The parts of a look-up that need no network.</summary>
public class DnsPartsTests
{
    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(1, 256, 1)]
    [InlineData(256, 256, 256)]
    [InlineData(60, 100, 60)]
    [InlineData(65535, 65535, 256)]
    [InlineData(32768, 65535, 128)]
    [InlineData(1, 65535, 1)]
    public void Weights_of_services_fit_those_of_endpoints(int weight, int heaviest, int expected) =>
        Assert.Equal(expected, SrvShares.Weight(weight, heaviest));

    [Fact]
    public void The_systems_resolvers_are_the_first_three()
    {
        string[] lines =
        [
            "# nameserver 10.9.9.9", "search example", "nameserver 10.0.0.1", "nameserver\t10.0.0.2  # second", "options ndots:5",
            "nameserver nonsense", "nameserver 2001:db8::53", "nameserver 10.0.0.4",
        ];
        Assert.Equal("10.0.0.1:53 10.0.0.2:53 [2001:db8::53]:53", string.Join(' ', SystemResolvers.Parse(lines)));
    }

    [Fact]
    public void Without_any_the_host_itself_is_asked() => Assert.Equal("127.0.0.1:53", SystemResolvers.Parse([]).Single().ToString());
}
