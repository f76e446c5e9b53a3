namespace Sluice.Redirect.Transports;

/// <summary>Looks at the first bytes of a connection, before anything takes them.</summary>
public interface IPreludeInspector
{
    /// <summary>
    /// Looks at all bytes that have come so far. True: it has seen enough. After a call with <paramref name="isFinal"/> it is not
    /// asked again: no more will come, or time or room is up.
    /// </summary>
    bool Inspect(ReadOnlySpan<byte> bytes, bool isFinal);
}
