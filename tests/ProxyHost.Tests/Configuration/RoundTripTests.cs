using CsCheck;
using Sluice.ProxyHost.Configuration;

namespace Sluice.ProxyHost.Tests.Configuration;

public class RoundTripTests
{
    [Fact]
    public void What_is_printed_reads_back_equal() => ConfigGen.Config.Sample(config =>
    {
        string printed = ConfigPrinter.Print(config);
        ConfigReadResult read = Reading.Read(printed);
        Assert.True(read.Config is not null, $"{string.Join('\n', read.Errors)}\n{printed}");
        Same(config, read.Config);
        Assert.Equal(printed, ConfigPrinter.Print(read.Config));
    }, iter: 2000);

    [Fact]
    public void Whatever_is_done_to_a_good_file_the_reader_answers_and_names_places_in_it()
    {
        string[] good = [.. Repository.Examples.Select(File.ReadAllText)];
        Gen<(string, (int, string)[])> damage = Gen.Select(
            Gen.OneOf(good),
            Gen.Select(Gen.Int[0, 3000], Gen.OneOf<string>(Gen.OneOf("", " ", "\n", "\t", ":", "- ", "[", "]", "{", "}", "\"", "'", "&a ", "*a", "!x ", "${", "}", "|", ">", "#", "?", "---\n", "0"), Gen.Char.Select(c => c.ToString()))).Array[1, 4]);
        damage.Sample((text, edits) =>
        {
            foreach ((int at, string what) in edits)
            {
                int place = at % text.Length;
                text = what.Length == 0 ? text.Remove(place, 1) : text.Insert(place, what);
            }
            ConfigReadResult read = Reading.Read(text);
            Assert.Equal(read.Config is null, read.Errors.Length > 0);
            int lines = text.Split('\n', '\r', '\u0085', '\u2028', '\u2029').Length;
            Assert.All(read.Errors, e => Assert.True(e.Line >= 1 && e.Line <= lines && e.Column >= 1, e.ToString()));
        }, iter: 5000);
    }

    private static void Same(SluiceConfig a, SluiceConfig b)
    {
        Assert.Equal((a.Admin, a.Runtime, a.Log), (b.Admin, b.Runtime, b.Log));
        Assert.Equal(a.Listeners.Select(Bare), b.Listeners.Select(Bare));
        Assert.Equal(a.Listeners.SelectMany(l => l.Routes).Select(RouteText), b.Listeners.SelectMany(l => l.Routes).Select(RouteText));
        Assert.Equal(a.Listeners.Select(l => RuleShape.Of(l.Inspect.Framing)), b.Listeners.Select(l => RuleShape.Of(l.Inspect.Framing)));
        Assert.Equal(a.Programs.Select(RuleShape.Of), b.Programs.Select(RuleShape.Of));
        Assert.Equal(a.Listeners.SelectMany(l => l.Listen), b.Listeners.SelectMany(l => l.Listen));
        Assert.Equal(a.Clusters.Select(Bare), b.Clusters.Select(Bare));
        Assert.Equal(a.Clusters.Select(Octets), b.Clusters.Select(Octets));
        Assert.Equal(a.Clusters.SelectMany(c => c.Discovery?.Resolvers ?? []), b.Clusters.SelectMany(c => c.Discovery?.Resolvers ?? []));
        Assert.Equal(a.Clusters.SelectMany(c => c.Endpoints), b.Clusters.SelectMany(c => c.Endpoints));
    }

    private static ListenerConfig Bare(ListenerConfig listener) =>
        listener with { Listen = default, Routes = default, Inspect = listener.Inspect with { Framing = null } };

    // Arrays are equal where they are the same object.
    private static ClusterConfig Bare(ClusterConfig cluster) => cluster with
    {
        Endpoints = default,
        HealthCheck = cluster.HealthCheck is { } check ? check with { Send = default, Expect = default } : null,
        Discovery = cluster.Discovery is { } discovery ? discovery with { Resolvers = default } : null,
    };

    private static string Octets(ClusterConfig cluster) => cluster.HealthCheck is { } check
        ? $"{Convert.ToHexString(check.Send.AsSpan())} {Convert.ToHexString(check.Expect.AsSpan())}"
        : "";

    private static string RouteText(RouteConfig route) => $"{route.Name} {RuleShape.Of(route.When)} -> {route.Cluster}";
}
