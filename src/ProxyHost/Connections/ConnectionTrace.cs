using System.Net;
using Sluice.ProxyHost.Model;
using Sluice.ProxyHost.Upstreams;
using Sluice.Redirect;
using Sluice.Redirect.ProxyProtocol;
using Sluice.Redirect.Splicing;

namespace Sluice.ProxyHost.Connections;

/// <summary>Something unusual that happened to a connection.</summary>
/// <param name="At"><see cref="System.Diagnostics.Stopwatch"/> timestamp.</param>
/// <param name="Began">The same of when it began, of an attempt; 0 otherwise.</param>
/// <param name="Endpoint">Which could not be connected to; null of a change of the data path.</param>
/// <param name="Error">Why not.</param>
/// <param name="Direction">Whose path has changed.</param>
/// <param name="Path">To which.</param>
internal readonly record struct TraceEntry(long At, long Began, string? Endpoint, string? Error, Direction Direction, DataPath Path);

/// <summary>
/// What is known of some connections and not of most: these never have one, since each byte of theirs is there ten thousand times. It
/// is made when there is something to say. The first entries and the last are kept, at most <see cref="Most"/> in all. Safe from any
/// thread.
/// </summary>
internal sealed class ConnectionTrace
{
    private const int Fewest = 2;
    private const int FirstKept = 8;

    /// <summary>Entries that are kept, about 50 bytes each.</summary>
    public const int Most = 16;

    private readonly Lock _lock = new();
    private TraceEntry[] _entries = [];
    private int _count;
    private volatile FurtherDial[] _further = [];

    /// <summary>See <see cref="ProxiedConnection.ServerName"/>.</summary>
    public string? ServerName { get; set; }

    /// <summary>See <see cref="ProxiedConnection.Route"/>.</summary>
    public string? Route { get; set; }

    /// <summary>See <see cref="ProxiedConnection.RoutedAt"/>.</summary>
    public long RoutedAt { get; set; }

    /// <summary>See <see cref="ProxiedConnection.DecidedBy"/>.</summary>
    public RuleName? DecidedBy { get; set; }

    /// <summary>See <see cref="ProxiedConnection.Origin"/>.</summary>
    public ProxyHeader? Origin { get; set; }

    /// <summary>See <see cref="ProxiedConnection.Destination"/>.</summary>
    public IPEndPoint? Destination { get; set; }

    /// <summary>See <see cref="ProxiedConnection.Trouble"/>.</summary>
    public string? Trouble { get; set; }

    /// <summary>What TCP knew of the client's socket at the end; null before and where nothing was asked.</summary>
    public TcpFacts? Client { get; set; }

    /// <summary>The same of the upstream's.</summary>
    public TcpFacts? Upstream { get; set; }

    /// <summary>See <see cref="ProxiedConnection.Further"/>.</summary>
    public IReadOnlyList<FurtherDial> Further => _further;

    /// <summary>One more, of at most as many as there are clusters.</summary>
    public void Add(FurtherDial further)
    {
        lock (_lock)
            _further = [.. _further, further];
    }

    /// <summary>One less.</summary>
    public void Remove(FurtherDial further)
    {
        lock (_lock)
            _further = [.. _further.Where(other => other != further)];
    }

    /// <summary>One more.</summary>
    public void Add(in TraceEntry entry)
    {
        lock (_lock)
        {
            if (_count == _entries.Length && _count < Most)
                Array.Resize(ref _entries, Math.Max(Fewest, 2 * _count));
            _entries[PlaceOf(_count++)] = entry;
        }
    }

    /// <summary>Those that are kept in their order, and how many were left out before the last ones.</summary>
    public (TraceEntry[] Entries, int LeftOut) Read()
    {
        lock (_lock)
        {
            var entries = new TraceEntry[Math.Min(_count, Most)];
            int leftOut = _count - entries.Length;
            for (int i = 0; i < entries.Length; i++)
                entries[i] = _entries[PlaceOf(i < FirstKept ? i : i + leftOut)];
            return (entries, leftOut);
        }
    }

    private static int PlaceOf(int number) => number < Most ? number : FirstKept + ((number - FirstKept) % (Most - FirstKept));
}
