using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Configuration.Yaml;
using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Tests.Configuration;

/// <summary>What programs and routes hold once they are read.</summary>
public class ProgramTests
{
    private const string Whole = """
        listeners:
          - name: web
            listen: 127.0.0.1:80
            cluster: web
            programs: { from_client: up, from_upstream: down }
            routes:
              - { name: api, when: { sni: api.example }, cluster: web }
              - { when: { alpn: h2 }, cluster: web }
            inspect: { timeout: 250ms, max_bytes: 4KiB, framing: { fixed_length: 8 } }
        clusters:
          - { name: web, endpoints: [10.0.0.1:80] }
        programs:
          - name: up
            framing: { length_prefix: { offset: 1, width: u24, order: little, adjustment: -4, includes_header: true } }
            max_message: 1MiB
            cork_as_needed: false
            rules:
              - name: a
                when: { u8: { is: 1 } }
                verdict: redirect
                to: web
                apply_bytes: 4KiB
                cork_bytes: 64
                push: { at: 2, hex: "00 ff" }
                pop: { at: 3, bytes: 4 }
                ingress: true
                shadow: true
            otherwise: { verdict: drop, apply_bytes: rest }
          - name: down
            rules:
              - { name: a, verdict: reset }
        """;

    [Fact]
    public void Every_key_of_a_program_can_be_given()
    {
        RuleSet program = Reading.Good(Whole).Programs[0];
        Assert.Equal(
            "up LengthPrefix { Offset = 1, Format = U24, IsLittleEndian = True, Adjustment = -4, IncludesHeader = True } 1048576 False "
            + "[a shadow u8@0be&ff in 1 -> Redirect web in=True apply=4096 cork=64 push=2:00FF pop=PopBytes { Offset = 3, Count = 4 }] "
            + $"Drop  in=False apply={RuleAction.RestOfStream} cork=0 push= pop=",
            RuleShape.Of(program));
    }

    [Fact]
    public void The_smallest_program_gets_every_documented_default() => Assert.Equal(
        "down unframed 65536 True [a all() -> Reset  in=False apply=0 cork=0 push= pop=] Pass  in=False apply=0 cork=0 push= pop=",
        RuleShape.Of(Reading.Good(Whole).Programs[1]));

    [Fact]
    public void A_listener_has_programs_routes_and_what_they_may_inspect()
    {
        ListenerConfig listener = Reading.Good(Whole).Listeners[0];
        Assert.Equal(new ProgramNames("up", "down"), listener.Programs);
        Assert.Equal([("api", "Sni in api.example", "web"), ("route-2", "Alpn in h2", "web")], listener.Routes.Select(r => (r.Name, RuleShape.Of(r.When), r.Cluster)));
        Assert.Equal(new InspectConfig(TimeSpan.FromMilliseconds(250), 4096) { Framing = new FixedLength(8) }, listener.Inspect);
    }

    [Fact]
    public void A_listener_that_says_nothing_of_them_has_none()
    {
        ListenerConfig listener = Reading.Good(Reading.Minimal).Listeners[0];
        Assert.Equal((ProgramNames.None, new InspectConfig(TimeSpan.FromSeconds(1), 16 * 1024)), (listener.Programs, listener.Inspect));
        Assert.Empty(listener.Routes);
        Assert.Empty(Reading.Good(Reading.Minimal).Programs);
    }

    [Theory]
    [InlineData("{ fixed_length: 4KiB }", "FixedLength { Bytes = 4096 }")]
    [InlineData("{ delimiter: \"\\r\\n\" }", "delimiter 0D0A")]
    [InlineData("{ delimiter: { text: \"\\0\" } }", "delimiter 00")]
    [InlineData("{ delimiter: { hex: \"0d 0a\" } }", "delimiter 0D0A")]
    [InlineData("{ length_prefix: { width: varint } }", "LengthPrefix { Offset = 0, Format = Varint, IsLittleEndian = False, Adjustment = 0, IncludesHeader = False }")]
    public void Framing_is(string written, string expected) => Assert.Equal(
        expected, RuleShape.Of(Reading.Good(Reading.Program($"    framing: {written}", "    rules: [{ name: r, verdict: pass }]")).Programs[0].Framing));

    [Theory]
    [InlineData("when.any[1].not.u8", 3, 51)]
    [InlineData("when.any[1].u8", 3, 38)]
    [InlineData("when.any[7]", 3, 18)]
    [InlineData("verdict", 4, 14)]
    [InlineData("cork_bytes", 2, 5)]
    [InlineData("", 2, 5)]
    public void What_is_found_later_has_the_place_its_path_leads_to(string path, int line, int column)
    {
        var source = new SourceText("t", "rules:\n  - name: r\n    when: { any: [{ u8: { is: 1 } }, { not: { u8: { is: 2 } } }] }\n    verdict: drop\n");
        var context = new ReadContext(source, _ => null);
        Assert.True(YamlLoader.TryLoad(source, context.Diagnostics, out var root));
        var placed = new PlacedProgram(new RuleSet("p", [new Rule("r", new AllOf([]), new RuleAction(RuleVerdict.Drop))], new RuleAction(RuleVerdict.Pass)), new Cursor(context, root, "programs[0]"));
        Cursor at = placed.Place(0, path);
        Assert.Equal((line, column), ((int)at.Start.Line, (int)at.Start.Column));
    }
}
