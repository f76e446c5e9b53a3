using System.Collections.Immutable;
using CsCheck;
using Microsoft.Extensions.Logging;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Telemetry;
using Sluice.ProxyHost.Configuration.Types;
using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Tests.Configuration;

/// <summary>Random valid configurations, with texts that YAML would like to misunderstand.</summary>
internal static class ConfigGen
{
    private static readonly Gen<string> Word =
        Gen.OneOf<string>(Gen.OneOf("true", "null", "1", "1e3", "0x1f", "off", "no", "NaN", "a.b-c_d", "1.5"), Gen.String[Gen.Char.AlphaNumeric, 1, 20]);

    private static readonly Gen<string> Path =
        Gen.String[Gen.OneOf<char>(Gen.Char.AlphaNumeric, Gen.OneOf<char>([.. "${}:\"'\\#,[]&*!|>%@` -?/äß中\u2028"])), 0, 25];

    private static readonly Gen<string> Host = Gen.OneOf<string>(
        Gen.Select(Gen.Byte, Gen.Byte, (a, b) => $"10.{a}.{b}.1"),
        Gen.UShort.Select(a => $"[2001:db8::{a:x}]"));

    private static readonly Gen<string> Endpoint = Gen.OneOf<string>(
        Gen.Select(Host, Gen.Int[1, 65535], (h, p) => $"{h}:{p}"),
        Gen.Int[1, 65535].Select(p => $"db-{p}.example:{p}"),
        Path.Select(p => $"unix:/{p}x"),
        Path.Select(p => $"unix:@{p}x"),
        Gen.OneOf("builtin:echo", "builtin:discard"));

    private static readonly Gen<TimeSpan> Hour = Gen.Long[1, 3_600_000].Select(ms => TimeSpan.FromMilliseconds(ms));
    private static readonly Gen<TimeSpan> Year = Gen.OneOf<TimeSpan>(Hour, Gen.Long[1, 365 * 86_400_000L].Select(ms => TimeSpan.FromMilliseconds(ms)), Gen.Int[1, 365].Select(d => TimeSpan.FromDays(d)));
    private static readonly Gen<long> Memory = Gen.OneOf<long>(Gen.Long[1 << 20, 1L << 40], Gen.Int[1, 1 << 20].Select(m => (long)m << 20));
    private static readonly Gen<int> Connections = Gen.Int[1, 10_000_000];

    private static readonly Gen<RuntimeConfig> Runtime = Gen.Select(
        Gen.Int[1, 256], Gen.Enum<TransportKind>(), Gen.Enum<OffloadMode>(), Gen.Enum<SpliceMode>(), Gen.Select(Memory, Memory), Hour,
        (reactors, transport, offload, splice, memory, drain) => 
            new RuntimeConfig(reactors, transport, offload, splice, memory.Item1, drain) { OffloadMemory = memory.Item2, IngressBypass = reactors % 2 == 1 });

    private static readonly Gen<AccessLogConfig> AccessLog = Gen.Select(
        Gen.OneOf<LogFormat?>(null, LogFormat.Text, LogFormat.Json), Gen.OneOf(AccessFields.Names).Array[0, 4], Gen.Int[0, 9], Gen.Bool, Gen.Int[0, 90],
        (format, fields, sample, atOpen, seconds) => new AccessLogConfig(format, [.. fields], sample, atOpen, TimeSpan.FromSeconds(seconds)));

    private static readonly Gen<LogConfig> Log = Gen.Select(Gen.Enum<LogLevel>(), Gen.Enum<LogFormat>(), Gen.Bool, (l, f, a) => new LogConfig(l, f, a)).SelectMany(log => AccessLog.Select(access => log.Access ? log with { AccessLog = access } : log));

    private static readonly Gen<ClusterConfig> Cluster = Gen.Select(
        Gen.Select(Word, Gen.Enum<BalanceKind>()), Endpoint.Array[1, 4], Connections, Hour, Gen.Int[1, 100],
        (head, endpoints, most, timeout, attempts) => new ClusterConfig(
            head.Item1, head.Item2, [.. endpoints.Select(e => new EndpointType().Parse(e).Value!)], most, timeout, attempts));

    private static readonly Gen<ClusterConfig> HealthyCluster = Gen.Select(
        Cluster, HealthGen.Endpoints, HealthGen.Queue, HealthGen.Keys, Gen.OneOf<OffloadMode?>(null, OffloadMode.Off, OffloadMode.Bypass),
        (cluster, endpoints, queue, with, offload) => HealthGen.Apply(cluster with { Offload = offload }, endpoints, queue, with));

    private static readonly Gen<BandwidthConfig?> Bandwidth = Gen.Select(
        Gen.Long[-1, 1L << 40], Gen.Long[-1, 1L << 30], Gen.Long[0, 1L << 40], Gen.Bool, (client, upstream, burst, dry) => client < 1 && upstream < 1
            ? null
            : new BandwidthConfig(client < 1 ? null : client, upstream < 1 ? null : upstream, burst < Math.Max(client, upstream) / 20 ? 0 : burst, dry));

    // Addresses are told apart later, once the place of a listener in its list is known.
    private static readonly Gen<ListenerConfig> Listener = Gen.Select(
        Gen.Select(Word, Gen.Select(Gen.Int[0, 2], Host, Path).Array[1, 3]), Gen.Int[0, 1000], Connections, Gen.Select(Year, Year, Year), Bandwidth,
        (head, cluster, most, times, bandwidth) => new ListenerConfig(
            head.Item1, [.. head.Item2.Select(ListenOn)], $"{cluster}", most, times.Item1, times.Item2, times.Item3) { Bandwidth = bandwidth });

    private static readonly Gen<(ImmutableArray<RouteConfig>, InspectConfig)> Routing = Gen.Select(
        RuleGen.Condition.Array[0, 3], Gen.Bool, Hour, Gen.Int[1, InspectConfig.MostBytes], RuleGen.Framing, (conditions, named, timeout, most, framing) => (
            conditions.Select((when, i) => new RouteConfig(named ? $"r{i}" : $"route-{i + 1}", when, "0")).ToImmutableArray(),
            new InspectConfig(timeout, most) { Framing = framing }));

    private static readonly Gen<ListenerConfig> RoutedListener = Gen.Select(Listener, Routing, Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[-1, 2], (listener, routing, up, down, offload) =>
        Sound(listener with { Routes = routing.Item1, Inspect = routing.Item2, Programs = new ProgramNames($"{up}", $"{down}"), Offload = offload < 0 ? null : (OffloadMode)offload }));

    public static Gen<SluiceConfig> Config { get; } = Gen.Select(
        Runtime, Log, RoutedListener.Array[1, 4], HealthyCluster.Array[1, 4], RuleGen.Programs,
        (runtime, log, listeners, clusters, programs) =>
        {
            ImmutableArray<ClusterConfig> unique = [.. clusters.DistinctBy(c => c.Name)];
            bool runsPrograms = runtime.Transport == TransportKind.Reactor;
            string? Program(string? name) => runsPrograms && programs.Any(p => p.Name == name) ? name : null;
            RuleAction Redirected(RuleAction action) => action.Cluster is null ? action : action with { Cluster = unique[^1].Name };
            return new SluiceConfig(
                new AdminConfig(Address("127.0.0.1:1")), runtime, log,
                [.. listeners.DistinctBy(l => l.Name).Select((l, i) => l with
                {
                    Cluster = unique[int.Parse(l.Cluster, System.Globalization.CultureInfo.InvariantCulture) % unique.Length].Name,
                    Listen = [.. l.Listen.Select((a, j) => Address(a.Text + $"{i}{j}"))],
                    Bandwidth = runsPrograms ? l.Bandwidth : null,
                    Programs = new ProgramNames(Program(l.Programs.FromClient), Program(l.Programs.FromUpstream)),
                    Routes = [.. l.Routes.Select(route => route with { Cluster = unique[0].Name })],
                })],
                unique)
            {
                Programs = [.. programs.Select(p => p with
                {
                    Otherwise = Redirected(p.Otherwise),
                    Rules = [.. p.Rules.Select(r => r with { Action = Redirected(r.Action) })],
                })],
            };
        });

    private static ListenerConfig Sound(ListenerConfig listener)
    {
        if (listener.Routes.IsEmpty) return listener;
        RuleSet sound = RuleGen.Sound(RouteRules.Of(listener));
        return listener with
        {
            Inspect = listener.Inspect with { Framing = sound.Framing },
            // A route that has no name of its own has that of its new place.
            Routes = [.. sound.Rules.Select((rule, i) => new RouteConfig(rule.Name.Contains('-') ? $"route-{i + 1}" : rule.Name, rule.When, "0"))],
        };
    }

    private static ListenAddress ListenOn((int Kind, string Host, string Path) what) => new(
        what.Kind switch { 0 => $"{what.Host}:1", 1 => $"unix:/{what.Path}", _ => $"unix:@{what.Path}" },
        new System.Net.IPEndPoint(0, 0));

    private static ListenAddress Address(string text) => new ListenAddressType().Parse(text).Value!;
}
