namespace Sluice.ProxyHost.Hosting;

/// <summary>
/// Decides when giving garbage back is worth its cost: after a quiet stretch, when much has gathered since last time. What
/// has been allocated shows in one counter; connections that end allocate nothing and yet leave themselves behind.
/// </summary>
internal sealed class GarbageGauge(long allocated, long ended)
{
    private const long BytesPerConnection = 1024;
    private const long WorthCollecting = 8 * 1024 * 1024;
    private const long Quiet = 256 * 1024;

    private long _before = Estimate(allocated, ended);
    private long _collected = Estimate(allocated, ended);

    /// <summary>Told both totals at regular intervals; true when now is the moment.</summary>
    /// <param name="allocated">Bytes allocated since the process started.</param>
    /// <param name="ended">Connections that have ended since then.</param>
    public bool ShouldCollect(long allocated, long ended)
    {
        long now = Estimate(allocated, ended);
        bool isQuiet = now - _before < Quiet;
        _before = now;
        if (!isQuiet || now - _collected < WorthCollecting)
            return false;
        _collected = now;
        return true;
    }

    private static long Estimate(long allocated, long ended) => allocated + (ended * BytesPerConnection);
}
