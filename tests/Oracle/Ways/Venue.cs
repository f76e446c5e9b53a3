namespace Sluice.Oracle.Ways;

/// <summary>The two servers at the end of all ways.</summary>
internal sealed class Venue : IDisposable
{
    /// <summary>Waits for the client's word.</summary>
    public Meeting ClientFirst { get; } = new(serverSpeaksFirst: false);

    /// <summary>Speaks as soon as it has accepted.</summary>
    public Meeting ServerFirst { get; } = new(serverSpeaksFirst: true);

    public void Dispose()
    {
        ClientFirst.Dispose();
        ServerFirst.Dispose();
    }
}
