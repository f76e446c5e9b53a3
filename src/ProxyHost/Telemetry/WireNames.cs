using System.Diagnostics;
using Sluice.ProxyHost.Configuration;
using Sluice.Redirect;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Splicing.Bypass;
using Sluice.Redirect.Splicing.Kernel;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>The words for directions, data paths and refusals in metrics, logs and the admin endpoint.</summary>
internal static class WireNames
{
    /// <summary>Every direction, for going through them.</summary>
    public static readonly Direction[] Directions = Enum.GetValues<Direction>();

    /// <summary>Every data path, for going through them.</summary>
    public static readonly DataPath[] DataPaths = Enum.GetValues<DataPath>();

    /// <summary>from_client or from_upstream.</summary>
    public static string Name(this Direction direction) => direction switch
    {
        Direction.FromClient => "from_client",
        Direction.FromUpstream => "from_upstream",
        _ => throw new UnreachableException($"direction {(int)direction} has no name"),
    };

    /// <summary>A way of balancing as the configuration writes it.</summary>
    public static string Name(this BalanceKind balance) => balance switch
    {
        BalanceKind.RoundRobin => "round_robin",
        BalanceKind.LeastConnections => "least_connections",
        BalanceKind.RandomTwoChoices => "random_two_choices",
        BalanceKind.Maglev => "maglev",
        _ => throw new UnreachableException($"balance {(int)balance} has no name"),
    };

    /// <summary>Every reason why the kernel does not carry a connection, for going through them.</summary>
    public static readonly OffloadRefused[] OffloadRefusals = Enum.GetValues<OffloadRefused>();

    /// <summary>Every reason why a message of a bypassed direction came through the proxy, for going through them.</summary>
    public static readonly BypassPass[] Passes = Enum.GetValues<BypassPass>();

    /// <summary>passed_for_order and so on.</summary>
    public static string Name(this BypassPass reason) => reason switch
    {
        BypassPass.Order => "passed_for_order",
        BypassPass.Sender => "passed_for_sender",
        BypassPass.Sink => "passed_for_sink",
        BypassPass.Room => "passed_for_room",
        BypassPass.Memory => "passed_for_memory",
        BypassPass.Rules => "passed_for_rules",
        _ => throw new UnreachableException($"reason {(int)reason} has no name"),
    };

    /// <summary>copy, splice, pipe, sockmap or bypass.</summary>
    public static string Name(this DataPath path) => path switch
    {
        DataPath.Copy => "copy",
        DataPath.Splice => "splice",
        DataPath.Pipe => "pipe",
        DataPath.Sockmap => "sockmap",
        DataPath.Bypass => "bypass",
        _ => throw new UnreachableException($"data path {(int)path} has no name"),
    };

    /// <summary>not_tcp, map_full and so on.</summary>
    public static string Name(this OffloadRefused reason) => reason switch
    {
        OffloadRefused.NotTcp => "not_tcp",
        OffloadRefused.UrgentData => "urgent_data",
        OffloadRefused.MapFull => "map_full",
        OffloadRefused.Memory => "memory",
        OffloadRefused.SendBuffer => "send_buffer",
        OffloadRefused.Insert => "insert",
        OffloadRefused.Unavailable => "unavailable",
        OffloadRefused.Program => "program",
        OffloadRefused.Gap => "gap",
        OffloadRefused.Remote => "remote",
        OffloadRefused.Blocking => "blocking",
        OffloadRefused.LowWater => "low_water",
        OffloadRefused.Completions => "completions",
        OffloadRefused.UpperLayer => "upper_layer",
        OffloadRefused.TcpMemory => "tcp_memory",
        OffloadRefused.Worker => "worker",
        OffloadRefused.Standstill => "standstill",
        _ => throw new UnreachableException($"reason {(int)reason} has no name"),
    };
}
