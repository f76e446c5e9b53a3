using System.Runtime.InteropServices;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Splicing.Kernel;

/// <summary>
/// The kernel's side of one reactor's offloaded pairs: the records that the program shares with this process, and the way from a
/// socket to its record. A pair has two neighbouring records, the client's at the even index. Lives on its reactor.
/// </summary>
internal sealed class SpliceTable : IDisposable
{
    private readonly MappedArray<SpliceRecord> _records;
    private readonly int _most;

    // They grow with what is in use: most that there is room for never comes.
    private readonly List<PairOffload?> _pairs = [];
    private readonly Stack<int> _free = [];

    private SpliceTable(BpfMap slots, BpfMap recordMap, MappedArray<SpliceRecord> records, int pairs) =>
        (Slots, RecordMap, _records, _most) = (slots, recordMap, records, pairs);

    /// <summary>A hash: cookie to index.</summary>
    internal BpfMap Slots { get; }

    /// <summary>The records as the program has them.</summary>
    internal BpfMap RecordMap { get; }

    /// <summary>Records there are.</summary>
    internal uint Entries => 2 * (uint)_most;

    /// <summary>Pairs that are in.</summary>
    internal int Count => _pairs.Count - _free.Count;

    /// <summary>All pairs; some may go while they are looked at.</summary>
    internal ReadOnlySpan<PairOffload?> Pairs => CollectionsMarshal.AsSpan(_pairs);

    /// <summary>A record, in the memory that the kernel's program writes.</summary>
    internal ref SpliceRecord this[int index] => ref _records[index];

    /// <summary>The pair a record belongs to; null where it has just gone.</summary>
    internal PairOffload? PairOf(int index) => (uint)index >> 1 < (uint)_pairs.Count ? _pairs[index >> 1] : null;

    /// <summary>Makes the maps. EPERM, ENOMEM and what else bpf(2) says.</summary>
    internal static Errno TryCreate(int pairs, out SpliceTable? table)
    {
        table = null;
        uint entries = 2 * (uint)pairs;
        BpfMap? records = null;
        MappedArray<SpliceRecord>? mapped = null;
        Errno errno = BpfMap.Create(BpfMapType.Hash, "sluice_slots", sizeof(ulong), sizeof(uint), entries, 0, out BpfMap? slots);
        if (errno == Errno.None)
            errno = BpfMap.Create(BpfMapType.Array, "sluice_records", sizeof(uint), SpliceRecord.Size, entries, BpfMapFlags.Mappable, out records);
        if (errno == Errno.None)
            errno = MappedArray<SpliceRecord>.Map(records!, out mapped);
        if (errno == Errno.None)
        {
            table = new SpliceTable(slots!, records!, mapped!, pairs);
            return Errno.None;
        }

        slots?.Dispose();
        records?.Dispose();
        return errno;
    }

    /// <summary>Room for a pair, or for two sockets that nobody splices: the index of its first record, both zeroed; or -1.</summary>
    internal int Rent(PairOffload? pair)
    {
        if (!_free.TryPop(out int slot))
        {
            if (_pairs.Count == _most)
                return -1;

            slot = _pairs.Count;
            _pairs.Add(null);
        }

        _pairs[slot] = pair;
        _records[2 * slot] = default;
        _records[(2 * slot) + 1] = default;
        return 2 * slot;
    }

    /// <summary>Gives the room back. Only when both sockets are closed, or were never in.</summary>
    internal void Return(int index)
    {
        _pairs[index >> 1] = null;
        _free.Push(index >> 1);
    }

    /// <summary>Leads the program from a socket to its record. The record must be ready.</summary>
    internal Errno Know(ulong cookie, int index) => Slots.Update(cookie, (uint)index);

    internal void Forget(ulong cookie) => _ = Slots.Delete(cookie);

    /// <summary>No cookie leads to a record.</summary>
    internal bool IsEmpty() => Slots.FirstKey<ulong>(out _) == Errno.ENOENT;

    public void Dispose()
    {
        Slots.Dispose();
        RecordMap.Dispose();
        _records.Dispose();
    }
}
