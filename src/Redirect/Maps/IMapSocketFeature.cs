using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Maps;

/// <summary>What a connection offers to the maps. A connection of the reactor transport implements it.</summary>
public interface IMapSocketFeature
{
    /// <summary>The connection's socket. Insert it on the connection's reactor.</summary>
    IMapSocket Socket { get; }

    /// <summary>The connection's 4-tuple as its socket sees it; false for a unix domain connection, which has none, and after the close.</summary>
    bool TryGetKey(out SocketKey key);
}
