using System.Diagnostics;
using Sluice.Redirect;
using Sluice.Redirect.Splicing;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>The words for directions and data paths in metrics, logs and the admin endpoint.</summary>
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

    /// <summary>copy, splice or pipe.</summary>
    public static string Name(this DataPath path) => path switch
    {
        DataPath.Copy => "copy",
        DataPath.Splice => "splice",
        DataPath.Pipe => "pipe",
        _ => throw new UnreachableException($"data path {(int)path} has no name"),
    };
}
