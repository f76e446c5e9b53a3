namespace Sluice.Redirect.Maps;

/// <summary>That a socket is under a key of a map (struct sk_psock_link). Belongs to the map and to the socket's list.</summary>
internal abstract class MapEntry(IMapSocket socket)
{
    internal IMapSocket Socket { get; } = socket;

    /// <summary>Takes this very entry out of its map, unless it has been replaced or deleted already.</summary>
    internal abstract void RemoveFromMap();
}
