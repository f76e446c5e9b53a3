using CsCheck;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Configuration.Sections;
using Sluice.ProxyHost.Configuration.Types;
using Schema = NJsonSchema.JsonSchema;

namespace Sluice.ProxyHost.Tests.Configuration;

/// <summary>Holds config/sluice.schema.json against the reader.</summary>
public class SchemaTests
{
    private static readonly string Text = Repository.Read("config/sluice.schema.json");
    private static readonly Lazy<Task<Schema>> Parsed = new(() => Schema.FromJsonAsync(Text));

    public static TheoryData<string> Examples => [.. Repository.Examples.Select(e => Path.GetRelativePath(Repository.Root, e))];

    public static TheoryData<string> Mutations => new()
    {
        Reading.Listener("balance: round_robin"),
        Reading.Listener("idle_timeout: 30"),
        Reading.Listener("idle_timeout: 30w"),
        Reading.Listener("idle_timeout: 30m1h"),
        Reading.Listener("idle_timeout: \"\""),
        Reading.Listener("idle_timeout: [1s]"),
        Reading.Listener("idle_timeout:"),
        Reading.Listener("max_connections: 0"),
        Reading.Listener("max_connections: 10000001"),
        Reading.Listener("max_connections: \"5\""),
        Reading.Listener("max_connections: 1.5"),
        Reading.ListenOn("8080"),
        Reading.ListenOn("localhost:80"),
        Reading.ListenOn("\"*:80\""),
        Reading.ListenOn("unix:x"),
        Reading.ListenOn("[]"),
        Reading.ListenOn("{a: b}"),
        Reading.Endpoints("[]"),
        Reading.Endpoints("10.0.0.1:80"),
        Reading.Endpoints("[10.0.0.1]"),
        Reading.Endpoints("[builtin:ecko]"),
        Reading.Cluster("connect_attempts: 101"),
        Reading.Cluster("balance: least"),
        Reading.Minimal.Replace("cluster: web", "cluster: 1"),
        Reading.Minimal.Replace("    cluster: web\n", ""),
        Reading.Minimal.Replace("name: web\n    endpoints", "name: -web\n    endpoints"),
        Reading.Minimal + "runtime: {offload: sockmap}\n",
        Reading.Minimal + "runtime: {reactors: 257}\n",
        Reading.Minimal + "runtime: {reactors: all}\n",
        Reading.Minimal + "runtime: {buffer_memory: 64K}\n",
        Reading.Minimal + "runtime: []\n",
        Reading.Minimal + "log: {access: 1}\n",
        Reading.Minimal + "log: {level: verbose}\n",
        Reading.Minimal + "unknown: {}\n",
        Reading.Minimal[..Reading.Minimal.IndexOf("clusters", StringComparison.Ordinal)],
        "{}",
        "[]",
    };

    [Fact]
    public void The_file_is_what_the_tables_say() => Assert.Equal(Sluice.ProxyHost.Configuration.Schema.JsonSchema.Write(), Text);

    [Fact]
    public async Task Schema_and_tables_have_the_same_keys() =>
        Assert.Equal(OfTables(RootSection.Type.Keys, "").Order(), OfSchema(await Parsed.Value, "").Order());

    [Fact]
    public async Task So_do_the_definitions_and_their_tables()
    {
        Schema schema = await Parsed.Value;
        Assert.All(RootSection.Definitions, shared =>
            Assert.Equal(OfTables(shared.Keys, "").Order(), OfSchema(schema.Definitions[shared.Name], "").Order()));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Every_example_is_valid_for_schema_and_reader(string file)
    {
        ConfigReadResult read = ConfigReader.Read(Path.Combine(Repository.Root, file));
        Assert.Empty(read.Errors);
        Assert.Empty(read.Warnings);
        Assert.Empty((await Parsed.Value).Validate(YamlToJson.Convert(Repository.Read(file))));
    }

    [Theory]
    [MemberData(nameof(Mutations))]
    public async Task What_is_wrong_is_wrong_for_schema_and_reader(string yaml)
    {
        Assert.NotEmpty(Reading.Errors(yaml));
        Assert.NotEmpty((await Parsed.Value).Validate(YamlToJson.Convert(yaml)));
    }

    [Fact]
    public async Task Whatever_the_reader_prints_is_valid_for_the_schema()
    {
        Schema schema = await Parsed.Value;
        ConfigGen.Config.Sample(config => Assert.Empty(schema.Validate(YamlToJson.Convert(ConfigPrinter.Print(config)))), iter: 200);
    }

    private static IEnumerable<string> OfTables(IEnumerable<Key> keys, string path) =>
        keys.SelectMany(k => OfTables(k.Below.Keys, path + k.Name + ".").Prepend(path + k.Name));

    // Not into references: what they lead to may hold itself, and has a comparison of its own.
    private static IEnumerable<string> OfSchema(Schema schema, string path)
    {
        if (schema.ActualSchema != schema) return [];
        return schema.Properties.SelectMany(p => OfSchema(p.Value, path + p.Key + ".").Prepend(path + p.Key))
            .Concat(schema.AnyOf.SelectMany(either => OfSchema(either, path)))
            .Concat(schema.Item is { } item ? OfSchema(item, path) : [])
            .Distinct();
    }
}
