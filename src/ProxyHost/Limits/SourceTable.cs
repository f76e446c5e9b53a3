using System.Numerics;
using System.Runtime.InteropServices;

namespace Sluice.ProxyHost.Limits;

/// <summary>
/// What is remembered of sources, in memory that is set aside at the start: sets of eight places, and a source has its place in
/// one set, which a secret chooses. A place whose source has no connection goes to a new one, the longest unused first; a
/// source that finds all eight connected is not tracked and not limited. Safe from any thread; allocates nothing.
/// </summary>
internal sealed class SourceTable
{
    private const int Ways = 8;
    private const int Stripes = 64;

    private readonly Place[] _places;
    private readonly Lock[] _locks = [.. Enumerable.Range(0, Stripes).Select(_ => new Lock())];
    private readonly int _sets;
    private readonly UInt128 _secret = MemoryMarshal.Read<UInt128>(Guid.NewGuid().ToByteArray());
    private long _untracked;

    /// <summary>A table for so many sources, at least 8, rounded up to a power of two.</summary>
    public SourceTable(int sources)
    {
        _places = new Place[BitOperations.RoundUpToPowerOf2((uint)Math.Max(sources, Ways))];
        _sets = _places.Length / Ways;
    }

    /// <summary>Connections that were let in untracked, since all places of their set were connected; never decreases.</summary>
    public long Untracked => Interlocked.Read(ref _untracked);

    /// <summary>
    /// A connection comes: <paramref name="verdict"/> is what the limits say of it, and where they let it in it is counted. The
    /// place to give back by <see cref="Leave"/>; -1 where it was refused or is not tracked.
    /// </summary>
    public int Enter(UInt128 source, in SourceLimits limits, long now, out SourceVerdict verdict)
    {
        verdict = default;
        int set = SetOf(source);
        lock (_locks[set % Stripes])
        {
            int at = Find(set * Ways, source);
            if (at < 0)
            {
                Interlocked.Increment(ref _untracked);
                return -1;
            }

            ref Place place = ref _places[at];
            verdict = limits.Judge(place.Open, ref place.FullAt, now);
            if (verdict.IsRefused)
                return -1;
            place.Open++;
            return at;
        }
    }

    /// <summary>A connection that was counted has ended.</summary>
    public void Leave(int at)
    {
        lock (_locks[at / Ways % Stripes])
            _places[at].Open--;
    }

    private int Find(int first, UInt128 source)
    {
        int oldest = -1;
        for (int at = first; at < first + Ways; at++)
        {
            ref Place place = ref _places[at];
            if (place.IsUsed && place.Source == source)
                return at;
            if (place.Open == 0 && (oldest < 0 || place.FullAt < _places[oldest].FullAt))
                oldest = at;
        }

        if (oldest >= 0)
            _places[oldest] = new Place { Source = source, IsUsed = true };
        return oldest;
    }

    private int SetOf(UInt128 source)
    {
        UInt128 mixed = source ^ _secret;
        ulong high = Math.BigMul((ulong)mixed, (ulong)(mixed >> 64) | 1, out ulong low);
        return (int)((high ^ low) % (ulong)_sets);
    }

    private struct Place
    {
        public UInt128 Source;
        public long FullAt;
        public int Open;
        public bool IsUsed;
    }
}
