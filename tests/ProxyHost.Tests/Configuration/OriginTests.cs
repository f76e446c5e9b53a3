using Sluice.ProxyHost.Configuration;

namespace Sluice.ProxyHost.Tests.Configuration;

public class OriginTests
{
    private const string Text = """
        admin: { listen: 127.0.0.1:9 }
        listeners:
          - name: front
            listen: 127.0.0.1:1
            cluster: back
            rate: { connections: 100 }
        clusters:
          - name: back
            endpoints:
              - 127.0.0.1:2
              - address: 127.0.0.1:3
                weight: 7
        """;

    [Theory]
    [InlineData("admin.listen", "127.0.0.1:9", "1")]
    [InlineData("log.level", "info", "default")]
    [InlineData("listeners[0].listen", "127.0.0.1:1", "4")]
    [InlineData("listeners[0].max_connections", "10000", "default")]
    [InlineData("listeners[0].rate.connections", "100", "6")]
    [InlineData("clusters[0].connect_timeout", "5s", "default")]
    [InlineData("clusters[0].endpoints[0]", "127.0.0.1:2", "10")]
    [InlineData("clusters[0].endpoints[1].weight", "7", "12")]
    public void Each_value_says_where_it_comes_from(string key, string value, string origin)
    {
        ConfigValue found = Assert.Single(ConfigOrigins.Of(Reading.Good(Text)), one => one.Key == key);
        Assert.Equal(value, found.Value!.ToString());
        Assert.Equal(origin == "default" ? "default" : $"{found.File}:{origin}", found.Origin);
        Assert.Equal(origin == "default" ? null : origin, found.Line?.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Every_value_has_one_key_and_is_read_back()
    {
        ConfigValue[] values = [.. ConfigOrigins.Of(Reading.Good(Text))];
        Assert.Equal(values.Length, values.Select(value => value.Key).Distinct().Count());
        Assert.Contains(values, value => value.Origin == "default");
    }

    [Fact]
    public void A_configuration_without_a_text_says_so() =>
        Assert.All(ConfigOrigins.Of(Reading.Good(Text) with { Source = null }), value => Assert.Equal(("memory", null, null), (value.Origin, value.File, value.Line)));
}
