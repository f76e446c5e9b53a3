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
        Reading.Endpoints("[{ address: 10.0.0.1 }]"),
        Reading.Endpoints("[{ weight: 1 }]"),
        Reading.Endpoints("[{ address: 10.0.0.1:80, weight: 257 }]"),
        Reading.Cluster("queue: { size: 0 }"),
        Reading.Cluster("health_check: { type: http }"),
        Reading.Cluster("health_check: { send: { text: a, hex: \"61\" } }"),
        Reading.Cluster("outlier_detection: { failure_rate: 101 }"),
        Reading.Cluster("panic_threshold: -1"),
        Reading.Cluster("connect_attempts: 101"),
        Reading.Cluster("balance: least"),
        Reading.Minimal.Replace("cluster: web", "cluster: 1"),
        Reading.Minimal.Replace("    cluster: web\n", ""),
        Reading.Minimal.Replace("name: web\n    endpoints", "name: -web\n    endpoints"),
        Reading.Minimal + "runtime: {offload: bypassed}\n",
        Reading.Listener("offload: kernel"),
        Reading.Minimal + "runtime: {reactors: 257}\n",
        Reading.Minimal + "runtime: {reactors: all}\n",
        Reading.Minimal + "runtime: {buffer_memory: 64K}\n",
        Reading.Minimal + "runtime: []\n",
        Reading.Minimal + "log: {access: 1}\n",
        Reading.Minimal + "log: {level: verbose}\n",
        Reading.Minimal + "unknown: {}\n",
        Reading.Rule("verdict: redirected"),
        Reading.Rule("when: { u8: { is: 1 } }"),
        Reading.Rule("verdict: drop", "apply_bytes: 0"),
        Reading.Rule("verdict: drop", "apply_bytes: all"),
        Reading.Rule("verdict: drop", "cork_bytes: -1"),
        Reading.Rule("verdict: pass", "push: { at: 1 }"),
        Reading.Rule("verdict: pass", "push: { text: a, hex: \"00\" }"),
        Reading.Rule("verdict: pass", "pop: { at: 1 }"),
        Reading.Program("    otherwise: redirect", "    rules: [{ name: r, verdict: pass }]"),
        Reading.Program("    framing: {}", "    rules: [{ name: r, verdict: pass }]"),
        Reading.Program("    framing: { fixed_length: 1, delimiter: x }", "    rules: [{ name: r, verdict: pass }]"),
        Reading.Program("    framing: { length_prefix: { width: u12 } }", "    rules: [{ name: r, verdict: pass }]"),
        Reading.Program("    max_message: 64", "    rules: [{ name: r, verdict: pass }]"),
        Reading.Program("    rules: []"),
        Reading.When("{}"),
        Reading.When("[]"),
        Reading.When("{ start_with: x }"),
        Reading.When("{ any: [{ all: [{ not: { start_with: x } }] }] }"),
        Reading.When("{ any: [] }"),
        Reading.When("{ not: [{ u8: { is: 1 } }] }"),
        Reading.When("{ remote_address: 10.0/8 }"),
        Reading.When("{ remote_port: 65536 }"),
        Reading.When("{ remote_port: 80- }"),
        Reading.When("{ family: ipv5 }"),
        Reading.When("{ u8: { is: 256 } }"),
        Reading.When("{ u8: { is: {} } }"),
        Reading.When("{ u8: { at: 1 } }"),
        Reading.When("{ u8: 1 }"),
        Reading.When("{ u16: { mask: 0, is: 1 } }"),
        Reading.When("{ starts_with: 16 }"),
        Reading.When("{ starts_with: [] }"),
        Reading.When("{ starts_with: { ignore_case: true } }"),
        Reading.When("{ starts_with: { hex: \"16 3\" } }"),
        Reading.When("{ bytes: x }"),
        Reading.When("{ bytes: { text: x } }"),
        Reading.When("{ sni: \"a.*\" }"),
        Reading.When("{ alpn: \"h 2\" }"),
        Reading.Listener("programs: { from_both: p }"),
        Reading.Listener("routes: [{ cluster: web }]"),
        Reading.Listener("routes: []"),
        Reading.Listener("inspect: { timeout: 1 }"),
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
