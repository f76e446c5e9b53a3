using Sluice.ProxyHost.Configuration;

namespace Sluice.ProxyHost.Tests.Configuration;

public class VariableTests
{
    [Theory]
    [InlineData("${N}", 12)]
    [InlineData("\"${N}\"", 12)]
    [InlineData("'${N}'", 12)]
    [InlineData("1${N}", 112)]
    [InlineData("${UNSET:-34}", 34)]
    [InlineData("${EMPTY:-34}", 34)]
    public void Numbers_may_come_from_variables_in_any_quotes(string written, int expected) =>
        Assert.Equal(expected, Reading.Good(Reading.Listener($"max_connections: {written}"), ("N", "12"), ("EMPTY", "")).Listeners[0].MaxConnections);

    [Fact]
    public void What_is_filled_in_is_text_and_never_yaml_or_a_variable_again()
    {
        SluiceConfig config = Reading.Good(
            Reading.Endpoints("[\"${A}\", \"unix:/$${B}${B}$C$$\"]"), ("A", "unix:/x, \"]: # ${B}\n{".Replace("\n", "")), ("B", "${A}"));
        Assert.Equal(["unix:/x, \"]: # ${B}{", "unix:/${B}${A}$C$$"], config.Clusters[0].Endpoints.Select(e => e.Text));
    }

    [Fact]
    public void A_boolean_and_a_choice_may_come_from_variables()
    {
        SluiceConfig config = Reading.Good(Reading.Minimal + "log: {access: \"${A}\", level: \"${L}\"}\nruntime: {reactors: \"${R}\"}\n", ("A", "false"), ("L", "debug"), ("R", "auto"));
        Assert.False(config.Log.Access);
        Assert.Equal(Microsoft.Extensions.Logging.LogLevel.Debug, config.Log.Level);
    }

    [Fact]
    public void Each_unset_variable_is_told_where_it_stands()
    {
        ConfigReadResult read = Reading.Read(Reading.Endpoints("[\"\\u0041${HOST}:${PORT}\", \"${ok\", \"${1x}\", \"${A:-${B}}\"]"));
        Assert.Equal(
            [
                "test.yaml:7:24: clusters[0].endpoints[0]: the environment variable `HOST` is not set; set it, or give a default: ${HOST:-default}",
                "test.yaml:7:32: clusters[0].endpoints[0]: the environment variable `PORT` is not set; set it, or give a default: ${PORT:-default}",
                "test.yaml:7:43: clusters[0].endpoints[1]: `${` without its `}`; close it, or write `$${` for a literal `${`",
                "test.yaml:7:51: clusters[0].endpoints[2]: `1x` is not the name of a variable; write ${NAME} or ${NAME:-default}, or `$${` for a literal `${`",
                "test.yaml:7:60: clusters[0].endpoints[3]: the default of `A` holds a variable itself; defaults are plain text",
            ],
            read.Errors.Select(e => e.ToString()));
    }

    [Fact]
    public void A_variable_that_holds_nonsense_is_told_as_such() =>
        Assert.Contains(
            "test.yaml:5:22: listeners[0].max_connections: expected a number, 1 to 10000000, found `${N}`; write a whole number in decimal digits",
            Reading.Errors(Reading.Listener("max_connections: ${N}"), ("N", "lots")));
}
