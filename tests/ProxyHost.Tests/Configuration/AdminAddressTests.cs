namespace Sluice.ProxyHost.Tests.Configuration;

public class AdminAddressTests
{
    [Theory]
    [InlineData("0.0.0.0:9901")]
    [InlineData("[::]:9901")]
    [InlineData("10.0.0.1:9901")]
    public void Beyond_the_loopback_there_must_be_a_guard(string listen)
    {
        string error = Assert.Single(Reading.Errors(Of($"{{ listen: \"{listen}\" }}")));
        Assert.Equal(
            $"test.yaml:8:18: admin.listen: other machines reach `{listen}`, and nothing guards it; let them read at `read_only_listen` and keep this on 127.0.0.1, or set `token_file`, or say `allow_beyond_loopback: true`",
            error);
    }

    [Theory]
    [InlineData("{ listen: 127.0.0.1:9901 }")]
    [InlineData("{ listen: \"[::1]:9901\" }")]
    [InlineData("{ listen: unix:/run/admin.sock }")]
    [InlineData("{ listen: 0.0.0.0:9901, token_file: /run/token }")]
    [InlineData("{ listen: 0.0.0.0:9901, allow_beyond_loopback: true }")]
    [InlineData("{ read_only_listen: 0.0.0.0:9902 }")]
    public void Other_addresses_are_fine(string admin) => Assert.NotNull(Reading.Good(Of(admin)));

    [Theory]
    [InlineData("{ read_only_listen: 127.0.0.1:80 }", "is already listened on by ")]
    [InlineData("{ read_only_listen: 127.0.0.1:9901 }", "is already listened on by ")]
    [InlineData("{ readonly_listen: 127.0.0.1:9902 }", "did you mean `read_only_listen`?")]
    [InlineData("{ read_only_listen: localhost:9902 }", "write 127.0.0.1:9902")]
    public void Mistakes_of_the_second_address_are_told(string admin, string error) =>
        Assert.Contains(error, Assert.Single(Reading.Errors(Of(admin))), StringComparison.Ordinal);

    private static string Of(string admin) => $"{Reading.Minimal}admin: {admin}\n";
}
