using Sluice.ProxyHost.Configuration;

namespace Sluice.ProxyHost.Tests.Configuration;

/// <summary>Each mistake with its place and the words a person gets.</summary>
public class ErrorTests
{
    public static TheoryData<string, string> Mistakes => new()
    {
        { "admin: { token_fil: /t }\n" + Reading.Minimal, "1:10: admin: unknown key `token_fil`; did you mean `token_file`?" },
        { "admin: { token_file: t }\n" + Reading.Minimal, "1:22: admin.token_file: `t` is not the absolute path of a file; begin it with a slash" },
        { "runtime: { watch_config: maybe }\n" + Reading.Minimal, "1:26: runtime.watch_config: expected `true` or `false`" },
        { "runtime: { upgrade_socket: 127.0.0.1:80 }\n" + Reading.Minimal, "1:28: runtime.upgrade_socket: `127.0.0.1:80` is not a unix socket with a path; write unix:/absolute/path" },
        { Reading.Listener("balanse: x"), "5:5: listeners[0]: unknown key `balanse`; the keys here are" },
        { Reading.Cluster("balanse: round_robin"), "8:5: clusters[0]: unknown key `balanse`; did you mean `balance`?" },
        { Reading.Cluster("connectTimeout: 1s"), "8:5: clusters[0]: unknown key `connectTimeout`; did you mean `connect_timeout`?" },
        { Reading.Cluster("balance: roundrobin"), "8:14: clusters[0].balance: expected `round_robin`, `least_connections`, `random_two_choices` or `maglev`, found `roundrobin`; did you mean `round_robin`?" },
        { Reading.Endpoints("[{ address: 10.0.0.1:80, wait: 3 }]"), "7:41: clusters[0].endpoints[0]: unknown key `wait`; the keys here are `address`, `weight`, `priority`, `max_connections`" },
        { Reading.Endpoints("[{ adress: 10.0.0.1:80 }]"), "7:19: clusters[0].endpoints[0]: unknown key `adress`; did you mean `address`?" },
        { Reading.Endpoints("[{ weight: 2 }]"), "clusters[0].endpoints[0]: `address` is missing; add something like `address: 10.0.0.5:6379`" },
        { Reading.Endpoints("[{ address: 10.0.0.1, weight: 2 }]"), "7:28: clusters[0].endpoints[0].address: `10.0.0.1` is not an address with a port" },
        { Reading.Endpoints("[{ address: 10.0.0.1:80, weight: 0 }]"), "clusters[0].endpoints[0].weight: `0` is out of range; it may be 1 to 256" },
        { Reading.Endpoints("[{ address: 10.0.0.1:80, priority: 128 }]"), "clusters[0].endpoints[0].priority: `128` is out of range; it may be 0 to 127" },
        { Reading.Endpoints("[[10.0.0.1:80]]"), "7:17: clusters[0].endpoints[0]: expected the keys `address`, `weight`, `priority`, `max_connections`, found a list" },
        { Reading.Cluster("queue: { size: 5 }"), "8:12: clusters[0].queue: no endpoint has `max_connections`, so none is ever full; give the endpoints one, or remove the queue" },
        { Reading.Cluster("queue: { size: 0 }"), "clusters[0].queue.size: `0` is out of range; it may be 1 to 1000000" },
        { Reading.Cluster("slow_start: 30"), "clusters[0].slow_start: `30` has no unit" },
        { Reading.Cluster("panic_threshold: 101"), "clusters[0].panic_threshold: `101` is out of range; it may be 0 to 100" },
        { Reading.Cluster("health_check: { type: http }"), "8:27: clusters[0].health_check.type: expected `connect`, `send_expect` or `tls`, found `http`" },
        { Reading.Cluster("health_check: { intervall: 1s }"), "clusters[0].health_check: unknown key `intervall`; did you mean `interval`?" },
        { Reading.Cluster("health_check: { type: send_expect }"), "8:19: clusters[0].health_check: `expect` is missing; add something like `expect: \"+PONG\"`, or use `type: connect`" },
        { Reading.Cluster("health_check: { expect: a }"), "8:29: clusters[0].health_check.expect: only `type: send_expect` expects something; write `type: send_expect`" },
        { Reading.Cluster("health_check: { type: tls, send: a }"), "clusters[0].health_check.send: only `type: send_expect` sends something" },
        { Reading.Cluster("outlier_detection: { ejection_time: 6m }"), "8:41: clusters[0].outlier_detection.ejection_time: `ejection_time` is longer than `max_ejection_time`; make the latter at least as long" },
        { Reading.Cluster("outlier_detection: { max_ejected: 0 }"), "clusters[0].outlier_detection.max_ejected: `0` is out of range; it may be 1 to 100" },
        { Reading.Listener("idle_timeout: 30"), "5:19: listeners[0].idle_timeout: `30` has no unit; write 30s, 30ms or 30m" },
        { Reading.Listener("idle_timeout: 0s"), "5:19: listeners[0].idle_timeout: `0s` is out of range; it may be 1ms to 365d" },
        { Reading.Listener("idle_timeout: 99999999999999999999s"), "listeners[0].idle_timeout: `99999999999999999999s` is not a duration" },
        { Reading.Listener("idle_timeout: 9223372036854775807d"), "is out of range; it may be 1ms to 365d" },
        { Reading.Listener("idle_timeout: 30m1h"), "units out of order; larger units first, each once: 1h30m" },
        { Reading.Listener("idle_timeout: 1h1h"), "units out of order" },
        { Reading.Listener("idle_timeout: 1.5s"), "`1.5s` is not a duration; write whole numbers with units and no spaces" },
        { Reading.Listener("idle_timeout: 5 s"), "`5 s` is not a duration" },
        { Reading.Listener("idle_timeout: 2w"), "`w` is not a unit of time; the units are ms, s, m, h and d" },
        { Reading.Listener("idle_timeout: -1s"), "`-1s` is not a duration" },
        { Reading.Listener("idle_timeout: [1s]"), "5:19: listeners[0].idle_timeout: expected a duration, 1ms to 365d, found a list" },
        { Reading.Listener("idle_timeout:"), "listeners[0].idle_timeout: expected a duration, 1ms to 365d, found nothing; give a value or remove the key" },
        { Reading.Listener("max_connections: 0"), "5:22: listeners[0].max_connections: `0` is out of range; it may be 1 to 10000000" },
        { Reading.Listener("max_connections: 99999999999999999999"), "is out of range; it may be 1 to 10000000" },
        { Reading.Listener("max_connections: \"5\""), "remove the quotes around 5" },
        { Reading.Listener("max_connections: many"), "expected a number, 1 to 10000000, found `many`" },
        { Reading.Minimal + "runtime: {offload: sockmaps}\n", "8:20: runtime.offload: expected `auto`, `off`, `sockmap` or `bypass`, found `sockmaps`; did you mean `sockmap`?" },
        { Reading.Minimal + "runtime: {offload: false}\n", "did you mean `off`?" },
        { Reading.Minimal + "runtime: {reactors: 257}\n", "runtime.reactors: `257` is out of range; it may be 1 to 256" },
        { Reading.Minimal + "runtime: {buffer_memory: 64mib}\n", "`mib` is not a unit of size; did you mean `MiB`?" },
        { Reading.Minimal + "runtime: {buffer_memory: 67108864}\n", "has no unit; write 67108864B" },
        { Reading.Minimal + "runtime: {buffer_memory: 64 MiB}\n", "`64 MiB` is not a size; write a whole number with a unit and no space" },
        { Reading.Minimal + "runtime: {buffer_memory: 1KiB}\n", "`1KiB` is out of range; it may be 1MiB to 1TiB" },
        { Reading.Minimal + "runtime: {buffer_memory: 9000000TiB}\n", "is out of range; it may be 1MiB to 1TiB" },
        { Reading.Minimal + "runtime:\n", "8:9: runtime: expected the keys `reactors`" },
        { Reading.Minimal + "log: {level: warn}\n", "did you mean `warning`?" },
        { Reading.Minimal + "log: {access: yes}\n", "log.access: expected `true` or `false`, found `yes`; write true" },
        { Reading.Listener("proxy_protocol: { mode: optionl, trusted: 10.0.0.0/8 }"), "5:29: listeners[0].proxy_protocol.mode: expected `off`, `optional` or `required`, found `optionl`; did you mean `optional`?" },
        { Reading.Listener("proxy_protocol: { mode: required }"), "5:21: listeners[0].proxy_protocol: `trusted` is missing" },
        { Reading.Listener("proxy_protocol: { trusted: 10.0.0.1/8 }"), "5:32: listeners[0].proxy_protocol.trusted: `10.0.0.1/8` has bits set behind its first 8" },
        { Reading.Listener("proxy_protocol: { trusted: 10.0.0.0/8, max_bytes: 106B }"), "`106B` is out of range; it may be 107B to 64KiB" },
        { Reading.Listener("proxy_protocol: { trusetd: 10.0.0.0/8 }"), "unknown key `trusetd`; did you mean `trusted`?" },
        { Reading.Cluster("send_proxy_protocol: v3"), "8:26: clusters[0].send_proxy_protocol: expected `v1` or `v2`, found `v3`" },
        { Reading.Cluster("send_proxy_protocol: { version: v1, tlvs: [authority] }"), "8:26: clusters[0].send_proxy_protocol: `v1` has no place for vectors and checksums" },
        { Reading.Cluster("send_proxy_protocol: { version: v2, tlvs: [autority] }"), "did you mean `authority`?" },
        { Reading.Cluster("send_proxy_protocol: { version: v2, tlvs: [{ type: 0xD0, text: a }] }"), "`0xD0` is out of range" },
        { Reading.Cluster("send_proxy_protocol: { version: v2, tlvs: [{ type: 0xE0 }] }"), "give its value once, as `text` or as `hex`" },
        { Reading.Listener("access: { alow: 10.0.0.0/8 }"), "5:15: listeners[0].access: unknown key `alow`; did you mean `allow`?" },
        { Reading.Listener("access: { deny: localhost }"), "5:21: listeners[0].access.deny: `localhost` is not an IP address" },
        { Reading.Listener("rate: { per: 1s }"), "5:11: listeners[0].rate: `connections` is missing" },
        { Reading.Listener("rate: { connections: 0 }"), "5:26: listeners[0].rate.connections: `0` is out of range" },
        { Reading.Listener("per_source: { ipv4_prefix: 33 }"), "listeners[0].per_source.ipv4_prefix: `33` is out of range; it may be 0 to 32" },
        { Reading.Listener("transparent: true") + "runtime: { transport: sockets }\n", "5:18: listeners[0].transparent: listeners are transparent on the reactor transport only" },
        { Reading.Cluster("source: client") + "runtime: { transport: sockets }\n", "8:13: clusters[0].source: the client's address is kept on the reactor transport only" },
        { Reading.Endpoints("[original_destination]") + "runtime: { transport: sockets }\n", "clusters[0].endpoints: original destinations are known on the reactor transport only" },
        { Reading.Endpoints("[original_destination, 10.0.0.1:80]"), "7:16: clusters[0].endpoints: `original_destination` must be the only endpoint" },
        { Reading.Endpoints("[original_destination]\n    health_check: {}"), "clusters[0].health_check: `original_destination` has no address that could be probed" },
        { Reading.Endpoints("[original_destination]\n    outlier_detection: {}"), "clusters[0].outlier_detection: `original_destination` stands for many servers" },
        { Reading.Cluster("source: clinet"), "expected `proxy`, `client` or `client_and_port`, found `clinet`; did you mean `client`?" },
        { Reading.Listener("bandwidth: { from_client: 10MiB }"), "5:31: listeners[0].bandwidth.from_client: `10MiB` is a size, not a rate; write 10MiB/s" },
        { Reading.Listener("bandwidth: { from_client: 10 }"), "`10` has no unit; write 10B/s, 10KiB/s or 10MiB/s" },
        { Reading.Listener("bandwidth: { from_client: 10MiB/min }"), "`10MiB/min` is not a rate per second; write a size and /s: 10MiB/s" },
        { Reading.Listener("bandwidth: { from_client: 100Mbit/s }"), "`100Mbit/s` is not in bytes; divide bits by eight" },
        { Reading.Listener("bandwidth: { from_client: 1mb/s }"), "`mb` is not a unit of size; did you mean `MB`?" },
        { Reading.Listener("bandwidth: { from_client: 2TiB/s }"), "is out of range; it may be 1B to 1TiB" },
        { Reading.Listener("bandwidth: { from_cleint: 1MiB/s }"), "unknown key `from_cleint`; did you mean `from_client`?" },
        { Reading.Listener("bandwidth: { burst: 1MiB }"), "5:16: listeners[0].bandwidth: no rate is given, so nothing is limited" },
        { Reading.Listener("bandwidth: { from_upstream: 1MB/s, burst: 49999B }"), "5:47: listeners[0].bandwidth.burst: with so small a burst the rate of 1000000B/s cannot be reached; it takes what comes in 50 ms: at least 50000B" },
        { Reading.Listener("bandwidth: { from_client: 1MB/s }") + "runtime: { transport: sockets }\n", "5:16: listeners[0].bandwidth: bandwidth is limited on the reactor transport only" },
        { Reading.Listener("per_source: { max_conections: 3 }"), "did you mean `max_connections`?" },
        { Reading.Minimal + "redis: {}\n", "8:1: unknown key `redis`; the keys here are `admin`, `runtime`, `log`, `listeners`, `clusters`" },
        { Reading.Minimal + "<<: {}\n", "merge keys are not supported" },
        { Reading.Minimal + "[a]: 1\n", "a key must be a single word" },
        { Reading.Minimal.Replace("- name: web\n    listen", "- listen"), "2:5: listeners[0]: `name` is missing; add something like `name: redis`" },
        { Reading.Minimal.Replace("name: web\n    listen", "name: 80\n    listen"), "`80` is a number to YAML, and text is wanted; put it in quotes: \"80\"" },
        { Reading.Minimal.Replace("name: web\n    listen", "name: a b\n    listen"), "`a b` is not a name" },
        { Reading.Minimal.Replace("cluster: web", "cluster: wep"), "4:14: listeners[0].cluster: there is no cluster named `wep`; did you mean `web`?" },
        { Reading.Minimal.Replace("cluster: web", "cluster: postgres"), "there is no cluster named `postgres`; the clusters here are `web`" },
        { Reading.Minimal + "  - name: web\n    endpoints: [10.0.0.2:80]\n", "8:11: clusters[1].name: a cluster named `web` already exists at line 6" },
        { "listeners: []\n" + Reading.Minimal[Reading.Minimal.IndexOf("clusters", StringComparison.Ordinal)..], "1:12: listeners: the list is empty" },
        { "listeners: {}\n", "1:12: listeners: expected a list of listeners, at least one, found keys and values" },
        { "[]", "1:1: expected the keys `admin`" },
        { "hello", "1:1: expected the keys `admin`" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_told_with_place_and_remedy(string yaml, string expected) =>
        Assert.Contains(Reading.Errors(yaml), e => e.Contains(expected, StringComparison.Ordinal) && e.StartsWith("test.yaml:", StringComparison.Ordinal));

    [Fact]
    public void All_mistakes_are_told_at_once_in_the_order_of_their_places()
    {
        ConfigReadResult read = Reading.Read("""
            admin: { listen: localhost:1 }
            runtime: { reactors: none, drain_timeout: 5 }
            listners: []
            listeners:
              - name: a
                cluster: redis
              - name: a
                listen: 127.0.0.1
                cluster: rediss
                idle_timeout: ${UNSET}
            clusters:
              - name: redis
                endpoints: []
                connect_attempts: 0
            """);
        Assert.Null(read.Config);
        Assert.Equal(
            [(1, 18), (2, 22), (2, 43), (3, 1), (5, 5), (7, 11), (8, 13), (9, 14), (10, 19), (13, 16), (14, 23)],
            read.Errors.Select(e => (e.Line, e.Column)));
    }

    [Fact]
    public void A_mistake_in_a_cluster_does_not_make_its_name_unknown() =>
        Assert.DoesNotContain(Reading.Errors(Reading.Cluster("balance: nonsense")), e => e.Contains("no cluster named"));

    [Fact]
    public void A_cluster_that_nothing_uses_is_a_warning()
    {
        ConfigReadResult read = Reading.Read(Reading.Minimal + "  - name: spare\n    endpoints: [10.0.0.2:80]\n");
        Assert.NotNull(read.Config);
        Assert.Equal("test.yaml:8:11: clusters[1].name: the cluster `spare` is never used; name it somewhere or remove it", Assert.Single(read.Warnings).ToString());
    }
}
