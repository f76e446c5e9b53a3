using Sluice.ProxyHost.Configuration;

namespace Sluice.ProxyHost.Tests.Configuration;

/// <summary>Each mistake of programs and routes with its place and the words a person gets.</summary>
public class ProgramErrorTests
{
    private const string AtRule = "programs[0].rules[0]";

    public static TheoryData<string, string> Mistakes => new()
    {
        // Names.
        { Reading.Listener("programs: { from_client: q }"), "5:30: listeners[0].programs.from_client: there is no program named `q`; declare it under `programs`" },
        { Reading.Rule("verdict: drop").Replace("from_client: p", "from_upstream: other"), "there is no program named `other`; the programs here are `p`" },
        { Reading.Listener("programs: { from_cleint: q }"), "5:17: listeners[0].programs: unknown key `from_cleint`; did you mean `from_client`?" },
        { Reading.Rule("verdict: redirect", "to: wep"), $"14:13: {AtRule}.to: there is no cluster named `wep`; did you mean `web`?" },
        { Reading.Rule("verdict: drop") + "      - { name: r, verdict: pass }\n", "14:17: programs[0].rules[1].name: a rule named `r` already exists at line 12; every rule needs a name of its own" },
        { Reading.Rule("verdict: drop") + "  - name: p\n    rules: [{ name: r, verdict: drop }]\n", "14:11: programs[1].name: a program named `p` already exists at line 10" },
        { Reading.Rule("verdict: drop").Replace("name: r\n", "name: otherwise\n"), $"12:15: {AtRule}.name: `otherwise` is what metrics and logs say where no rule decides" },
        { Reading.Listener("routes: [{ when: { sni: a.b }, cluster: wep }]"), "5:45: listeners[0].routes[0].cluster: there is no cluster named `wep`; did you mean `web`?" },
        { Reading.Listener("routes: [{ name: a, when: { u8: { is: 1 } }, cluster: web }, { name: a, when: { u8: { is: 2 } }, cluster: web }]"), "a route named `a` already exists at line 5" },
        { Reading.Listener("routes: [{ name: route-2, when: { u8: { is: 1 } }, cluster: web }, { when: { u8: { is: 2 } }, cluster: web }]"), "5:72: listeners[0].routes[1].name: a route named `route-2` already exists at line 5" },
        { Reading.Listener("routes: []"), "5:13: listeners[0].routes: the list is empty; give at least one of the routes" },
        { Reading.Listener("routes: [{ cluster: web }]"), "5:14: listeners[0].routes[0]: `when` is missing" },
        { Reading.Listener("inspect: { max_bytes: 17KiB }"), "`17KiB` is out of range; it may be 1B to 16KiB" },
        { Reading.Rule("verdict: drop") + "runtime: { transport: sockets }\n", "5:15: listeners[0].programs: programs run on the reactor transport only; remove them, or write `runtime: { transport: reactor }`" },

        // Verdicts and what goes with them.
        { Reading.Rule("verdikt: drop"), $"13:9: {AtRule}: unknown key `verdikt`; did you mean `verdict`?" },
        { Reading.Rule("when: { u8: { is: 1 } }"), $"12:9: {AtRule}: `verdict` is missing; add something like `verdict: drop`" },
        { Reading.Rule("verdict: redirekt"), $"13:18: {AtRule}.verdict: expected `pass`, `drop`, `redirect` or `reset`, found `redirekt`; did you mean `redirect`?" },
        { Reading.Rule("verdict: redirect"), $"13:18: {AtRule}.verdict: `redirect` does not say where to; add `to:` with the name of a cluster" },
        { Reading.Rule("verdict: pass", "to: web"), $"14:13: {AtRule}.to: only `redirect` goes to a cluster; remove `to`, or write `verdict: redirect`" },
        { Reading.Rule("verdict: pass", "ingress: true"), $"14:18: {AtRule}.ingress: only what is redirected can count as received" },
        { Reading.Rule("verdict: reset", "apply_bytes: 5"), $"14:22: {AtRule}.apply_bytes: `reset` ends the connection at once, so there is nothing it could apply to; remove `apply_bytes`" },
        { Reading.Program("    otherwise: redirect", "    rules: [{ name: r, verdict: pass }]"), "11:16: programs[0].otherwise: `redirect` alone does not say where to; write { verdict: redirect, to: name-of-a-cluster }" },
        { Reading.Program("    otherwise: { verdict: drop, to: web }", "    rules: [{ name: r, verdict: pass }]"), "11:37: programs[0].otherwise.to: only `redirect` goes to a cluster" },

        // Windows.
        { Reading.Rule("verdict: drop", "apply_bytes: 0"), $"14:22: {AtRule}.apply_bytes: `0` is out of range; it may be 1 to 1073741824" },
        { Reading.Rule("verdict: drop", "apply_bytes: resst"), "did you mean `rest`?" },
        { Reading.Rule("verdict: drop", "apply_bytes: 1Kib"), "`Kib` is not a unit of size; did you mean `KiB`?" },
        { Reading.Rule("verdict: drop", "apply_bytes: 4", "cork_bytes: 5"), $"14:22: {AtRule}.apply_bytes: it lets go of 4 of the 5 bytes that `cork_bytes` waited for, and the rest waits again; apply it to 5 bytes or more, or gather fewer" },
        { Reading.Rule("verdict: pass", "apply_bytes: 3", "push: { text: abc }"), $"15:15: {AtRule}.push: these 3 bytes are as many as `apply_bytes` lets go" },
        { Reading.Rule("verdict: drop", "cork_bytes: 65537"), $"14:21: {AtRule}.cork_bytes: no more than 65536 bytes are gathered; raise `max_message`, or gather fewer" },
        { Reading.Program("    otherwise: { verdict: drop, cork_bytes: 1MiB }", "    rules: [{ name: r, verdict: pass }]"), "11:45: programs[0].otherwise.cork_bytes: no more than 65536 bytes are gathered" },
        { Reading.Rule("verdict: pass", "push: { at: 1 }"), $"14:15: {AtRule}.push: `text` or `hex` is missing" },
        { Reading.Rule("verdict: pass", "push: { text: a, hex: \"00\" }"), $"14:31: {AtRule}.push.hex: `text` is given already; keep one of the two" },
        { Reading.Rule("verdict: pass", $"push: {{ text: {new string('x', 4097)} }}"), $"14:23: {AtRule}.push.text: the text is 4097 bytes long; at most 4096 are allowed" },
        { Reading.Rule("verdict: pass", "pop: { at: 1 }"), $"14:14: {AtRule}.pop: `bytes` is missing; add something like `bytes: 4`" },

        // Framing.
        { Reading.Program("    framing: {}", "    rules: [{ name: r, verdict: pass }]"), "11:14: programs[0].framing: a stream divides into messages in exactly one way; give one of `fixed_length`, `length_prefix` and `delimiter`" },
        { Reading.Program("    framing: { fixed_length: 1, delimiter: x }", "    rules: [{ name: r, verdict: pass }]"), "11:14: programs[0].framing: a stream divides into messages in exactly one way" },
        { Reading.Program("    framing: { fixed: 1 }", "    rules: [{ name: r, verdict: pass }]"), "11:16: programs[0].framing: unknown key `fixed`; did you mean `fixed_length`?" },
        { Reading.Program("    framing: { fixed_length: 65537 }", "    rules: [{ name: r, verdict: pass }]"), "11:14: programs[0].framing: a message has at least 65537 bytes, and no more than 65536 are allowed; raise `max_message`" },
        { Reading.Program("    framing: { length_prefix: { width: u16, offset: 9 } }", "    max_message: 10B", "    rules: [{ name: r, verdict: pass }]"), "a message has at least 11 bytes, and no more than 10 are allowed" },
        { Reading.Program("    framing: { length_prefix: { offset: 9 } }", "    rules: [{ name: r, verdict: pass }]"), "`width` is missing; add something like `width: u32`" },
        { Reading.Program("    framing: { delimiter: \"\" }", "    rules: [{ name: r, verdict: pass }]"), "11:27: programs[0].framing.delimiter: the text is empty; give at least one byte" },
        { Reading.Program("    max_message: 16385KiB", "    rules: [{ name: r, verdict: pass }]"), "11:18: programs[0].max_message: `16385KiB` is out of range; it may be 1B to 16MiB" },

        // What the compiler finds.
        { Reading.Rule("verdict: drop") + "      - { name: s, verdict: pass }\n", "14:9: programs[0].rules[1]: the rule `s` can never match: the rule `r`, 1 in the list, matches all that it would; put it before `r`, or remove it" },
        { Reading.When("{ u8: { is: 1 } }") + "      - { name: s, when: { remote_port: 80, u8: { is: 1 } }, verdict: pass }\n", "15:26: programs[0].rules[1].when: the rule `s` can never match" },
        { Reading.When("{ remote_port: 1, not: { remote_port: 1-9 } }"), $"13:15: {AtRule}.when: the rule `r` can never match: its conditions contradict one another" },
        { Reading.When("{ any: [{ remote_port: 1 }, { u16: { at: 65535, is: 1 } }] }"), $"13:50: {AtRule}.when.any[1].u16: it looks at byte 65537 of a message, and none has more than 65536; look at an earlier one, or raise `max_message`" },
        { Reading.When("{ u16: [{ is: 1 }, { at: 65535, is: 1 }] }"), $"13:34: {AtRule}.when.u16[1]: it looks at byte 65537 of a message" },
        { Reading.When("{ bytes: { at: 9, text: x } }") + "        cork_bytes: 9\n", $"13:24: {AtRule}.when.bytes: it looks at byte 10, and `cork_bytes` gathers 9" },
        { Reading.Listener("routes: [{ when: { u8: { is: 1 } }, cluster: web }, { when: { u8: { is: 1 } }, cluster: web }]"), "5:71: listeners[0].routes[1].when.u8: the route `route-2` can never match: the route `route-1`, 1 in the list" },
        { Reading.Listener("routes: [{ when: { u8: { at: 16384, is: 1 } }, cluster: web }]"), "listeners[0].routes[0].when.u8: it looks at byte 16385 of a message, and none has more than 16384; look at an earlier one, or raise `inspect.max_bytes`" },
        { Reading.Listener("routes: [{ when: { u8: { is: 1 } }, cluster: web }]\n    inspect: { max_bytes: 4B, framing: { fixed_length: 8 } }"), "6:40: listeners[0].inspect.framing: a message has at least 8 bytes, and no more than 4 are allowed; raise `inspect.max_bytes`" },

        // Conditions.
        { Reading.When("{}"), $"13:15: {AtRule}.when: there is no condition here; give at least one, or remove the key" },
        { Reading.When("sni"), $"13:15: {AtRule}.when: expected conditions, found `sni`; write them as keys, such as `remote_port: 80`" },
        { Reading.When("{ start_with: x }"), $"13:17: {AtRule}.when: unknown key `start_with`; did you mean `starts_with`?" },
        { Reading.When("{ any: [] }"), $"13:22: {AtRule}.when.any: the list is empty; give at least one of the conditions" },
        { Reading.When("{ any: { u8: { is: 1 } } }"), $"13:22: {AtRule}.when.any: expected a list of conditions, at least one, found keys and values; begin each item with `- `" },
        { Reading.When("{ any: [{ u8: { is: 1 } }, { not: { u8: { is: 256 } } }] }"), $"{AtRule}.when.any[1].not.u8.is: `256` is out of range; it may be 0 to 255" },
        { Reading.When("{ u8: { is: 300 } }"), $"13:27: {AtRule}.when.u8.is: `300` is out of range; it may be 0 to 255" },
        { Reading.When("{ u16: { is: 0x10000 } }"), "`0x10000` is out of range; it may be 0 to 65535" },
        { Reading.When("{ u64: { is: 18446744073709551616 } }"), "`18446744073709551616` is out of range; it may be 0 to 18446744073709551615" },
        { Reading.When("{ u8: { is: 9-5 } }"), $"13:27: {AtRule}.when.u8.is: `9-5` runs backwards; write 5-9" },
        { Reading.When("{ u8: { is: 5 - 9 } }"), "`5 - 9` has spaces in its range; write 5-9" },
        { Reading.When("{ u8: { is: \"5\" } }"), "`5` in quotes is a text; remove the quotes around 5" },
        { Reading.When("{ u8: { is: five } }"), "`five` is not a number, 0 to 255, or a range such as `5-9`" },
        { Reading.When("{ u8: { is: -1 } }"), "`-1` is not a number, 0 to 255" },
        { Reading.When("{ u8: { is: [] } }"), "the list is empty; give at least one of the numbers" },
        { Reading.When("{ u8: { is: } }"), "found nothing; give a value or remove the key" },
        { Reading.When("{ u8: { is: {} } }"), "nothing is given here; give `at_least`, `at_most` or both" },
        { Reading.When("{ u8: { is: { at_least: 9, at_most: 5 } } }"), $"13:27: {AtRule}.when.u8.is: `at_least` 9 is more than `at_most` 5; no number is both" },
        { Reading.When("{ u8: { at: 1 } }"), $"13:21: {AtRule}.when.u8: `is` is missing; add something like `is: [1, 5-9, 0x20]`" },
        { Reading.When("{ u8: { at: 16777216, is: 1 } }"), "`16777216` is out of range; it may be 0 to 16777215" },
        { Reading.When("{ u8: { mask: 0, is: 1 } }"), $"13:29: {AtRule}.when.u8.mask: `0` is out of range; it may be 1 to 255" },
        { Reading.When("{ u8: { mask: 0x100, is: 1 } }"), "`0x100` is out of range; it may be 1 to 255" },
        { Reading.When("{ u16: { mask: 0x0fff, is: [1, 0x1234] } }"), $"13:42: {AtRule}.when.u16.is: `4660` (0x1234) has bits outside the mask 0xfff; masked bits count as 0, so it can never be that" },
        { Reading.When("{ u8: { mask: 0xf0, is: 1-15 } }"), "`1-15` (0x1) has bits outside the mask 0xf0" },
        { Reading.When("{ u8: { order: middle, is: 1 } }"), "expected `big` or `little`, found `middle`" },
        { Reading.When("{ remote_port: 65536 }"), $"13:30: {AtRule}.when.remote_port: `65536` is out of range; it may be 0 to 65535" },
        { Reading.When("{ message_length: 0 }"), "`0` is out of range; it may be 1 to 2147483647" },
        { Reading.When("{ family: ipv5 }"), "expected `ipv4`, `ipv6` or `unix`, found `ipv5`; did you mean `ipv4`?" },
        { Reading.When("{ direction: [from_client, upstream] }"), $"13:42: {AtRule}.when.direction[1]: expected `from_client` or `from_upstream`, found `upstream`" },
        { Reading.When("{ remote_address: 10.1.2.3/8 }"), $"13:33: {AtRule}.when.remote_address: `10.1.2.3/8` has bits set behind its first 8; the network is 10.0.0.0/8, the address alone 10.1.2.3" },
        { Reading.When("{ remote_address: [\"fd00::1/8\"] }"), "`fd00::1/8` has bits set behind its first 8; the network is fd00::/8" },
        { Reading.When("{ remote_address: 10.0.0.0/33 }"), "`33` is not the length of a prefix; it may be 0 to 32" },
        { Reading.When("{ remote_address: \"::/129\" }"), "`129` is not the length of a prefix; it may be 0 to 128" },
        { Reading.When("{ remote_address: 10.0/8 }"), "`10.0` is not an IP address" },
        { Reading.When("{ remote_address: example.com }"), "`example.com` is not an IP address; write an address, or a prefix" },
        { Reading.When("{ local_address: 10.0.0.1:80 }"), "`10.0.0.1:80` is not an IP address" },
        { Reading.When("{ local_address: [] }"), "the list is empty; give at least one of the prefixes" },
        { Reading.When("{ starts_with: 16 }"), "`16` is a number to YAML, and text is wanted; put it in quotes" },
        { Reading.When("{ starts_with: { at: 4, text: x } }"), "unknown key `at`" },
        { Reading.When("{ starts_with: { ignore_case: true } }"), $"13:30: {AtRule}.when.starts_with: `text` or `hex` is missing" },
        { Reading.When("{ starts_with: { hex: \"16 3\" } }"), $"13:37: {AtRule}.when.starts_with.hex: `3` has an odd number of digits; every byte takes two: 0d 0a" },
        { Reading.When("{ starts_with: { hex: \"16,03\" } }"), "`,` is not a hex digit; write bytes as two digits each" },
        { Reading.When("{ starts_with: { hex: \"0x16\" } }"), "`0x16` is not bytes in hex; leave the 0x out" },
        { Reading.When("{ starts_with: { hex: 1603 } }"), "`1603` is a number to YAML, and text is wanted; put it in quotes" },
        { Reading.When("{ starts_with: { hex: \" \" } }"), "there are no bytes here" },
        { Reading.When("{ starts_with: [] }"), "the list is empty; give at least one of the texts" },
        { Reading.When("{ bytes: { text: x } }"), $"13:24: {AtRule}.when.bytes: `at` is missing; add something like `at: 4`" },
        { Reading.When("{ bytes: x }"), "expected the keys `at`, `text`, `hex`, `ignore_case`, found `x`" },
        { Reading.When("{ contains: { text: x, within: 17MiB } }"), "`17MiB` is out of range; it may be 1B to 16MiB" },
        { Reading.When("{ sni: \"a.*.example\" }"), "`a.*.example` has its `*` in a place of no meaning" },
        { Reading.When("{ sni: \"*\" }"), "has its `*` in a place of no meaning; only `*.` at the beginning stands for any name below" },
        { Reading.When("{ sni: a.example. }"), "`a.example.` ends with a dot; clients ask without it" },
        { Reading.When("{ sni: \"a b\" }"), "`a b` is not a host name" },
        { Reading.When("{ sni: [] }"), "the list is empty; give at least one of the names" },
        { Reading.When("{ alpn: \"\" }"), "the name is empty" },
        { Reading.When("{ alpn: \"h 2\" }"), "`h 2` is not the name of a protocol" },
        { Reading.When(string.Concat(Enumerable.Repeat("{ not: ", 16)) + "{ u8: { is: 1 } }" + string.Concat(Enumerable.Repeat(" }", 16))), "conditions are nested deeper than 16" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_told_with_place_and_remedy(string yaml, string expected)
    {
        string[] errors = Reading.Errors(yaml);
        Assert.True(errors.Any(e => e.Contains(expected, StringComparison.Ordinal)), string.Join('\n', errors));
        Assert.All(errors, e => Assert.StartsWith("test.yaml:", e, StringComparison.Ordinal));
    }

    [Fact]
    public void Sixteen_levels_of_conditions_are_not_too_deep() => Reading.Good(
        Reading.When(string.Concat(Enumerable.Repeat("{ not: ", 15)) + "{ u8: { is: 1 } }" + string.Concat(Enumerable.Repeat(" }", 15))));

    [Fact]
    public void All_mistakes_are_told_at_once_in_the_order_of_their_places()
    {
        ConfigReadResult read = Reading.Read("""
            listeners:
              - name: web
                listen: 127.0.0.1:80
                cluster: web
                programs: { from_client: q }
                routes:
                  - when: { remote_port: 70000, sni: "*" }
                    cluster: weg
            clusters:
              - name: web
                endpoints: [10.0.0.1:80]
            programs:
              - name: p
                framing: { delimiter: { hex: 0g } }
                rules:
                  - name: a
                    when: { any: [{ u8: { is: 256 } }, { bytes: { at: x, text: y } }], sin: a.example }
                    verdict: redirect
                  - name: a
                    verdict: drop
                    to: nowhere
            """);
        Assert.Null(read.Config);
        Assert.Equal(
            [(5, 30), (7, 30), (7, 42), (8, 18), (14, 34), (17, 35), (17, 59), (17, 76), (18, 18), (19, 15), (21, 13), (21, 13)],
            read.Errors.Select(e => (e.Line, e.Column)));
    }

    public static TheoryData<string, string> Oddities => new()
    {
        { Reading.Rule("verdict: drop", "push: { text: x }"), $"14:15: {AtRule}.push: it has no effect on bytes that go nowhere; remove it" },
        { Reading.When("{ u8: { is: 1 } }"), $"13:21: {AtRule}.when.u8: the rule `r` looks into messages, and without framing every message but the first begins where TCP happened to cut the stream" },
        { Reading.When("{ message_length: 9 }"), $"13:33: {AtRule}.when.message_length: without framing a message is what TCP happened to deliver at once" },
        { Reading.Rule("verdict: drop").Replace("    programs: { from_client: p }\n", ""), "9:11: programs[0].name: the program `p` is never used; name it somewhere or remove it" },
        { Reading.When("{ any: [{ sni: a.example }, { u8: { is: 1 } }] }").Replace("from_client: p", "from_upstream: p"), $"13:30: {AtRule}.when.any[0].sni: listeners have this program for what upstreams send, and no upstream sends a ClientHello" },
        { Reading.When("{ not: { direction: from_upstream } }"), $"13:35: {AtRule}.when.not.direction: listeners have this program for `from_client` only, so this never holds" },
    };

    [Theory]
    [MemberData(nameof(Oddities))]
    public void What_is_allowed_and_odd_is_a_warning(string yaml, string expected)
    {
        ConfigReadResult read = Reading.Read(yaml);
        Assert.Empty(read.Errors);
        Assert.Contains(read.Warnings, warning => warning.ToString().Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void A_cluster_that_only_a_rule_or_a_route_names_is_used()
    {
        string yaml = Reading.Rule("verdict: redirect", "to: a").Replace(
            "    programs:", "    routes: [{ when: { u8: { is: 1 } }, cluster: b }]\n    programs:")
            .Replace("programs:\n", "  - { name: a, endpoints: [10.0.0.2:80] }\n  - { name: b, endpoints: [10.0.0.3:80] }\nprograms:\n");
        ConfigReadResult read = Reading.Read(yaml);
        Assert.Empty(read.Errors);
        Assert.Empty(read.Warnings);
    }

    [Fact]
    public void A_program_for_both_directions_may_ask_for_either() =>
        Assert.Empty(Reading.Read(Reading.When("{ direction: from_upstream }").Replace("from_client: p", "from_client: p, from_upstream: p")).Warnings);

    [Fact]
    public void Routes_work_on_the_stock_transport() =>
        Reading.Good(Reading.Listener("routes: [{ when: { u8: { is: 1 } }, cluster: web }]") + "runtime: { transport: sockets }\n");
}
