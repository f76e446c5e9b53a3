using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Splicing.Kernel;

/// <summary>
/// The kernel's side of one reactor's offloaded pairs: the records that the program shares with this process, and the way from a
/// socket to its record. Lives on its reactor.
/// </summary>
internal sealed class SpliceTable : IDisposable
{
    private readonly RecordTable<SpliceRecord, PairOffload> _records;

    private SpliceTable(BpfMap slots, BpfMap recordMap, RecordTable<SpliceRecord, PairOffload> records) =>
        (Slots, RecordMap, _records) = (slots, recordMap, records);

    /// <summary>A hash: cookie to index.</summary>
    internal BpfMap Slots { get; }

    /// <summary>The records as the program has them.</summary>
    internal BpfMap RecordMap { get; }

    /// <summary>Records there are.</summary>
    internal uint Entries => RecordMap.MaxEntries;

    /// <summary>Pairs that are in.</summary>
    internal int Count => _records.Count;

    /// <summary>All pairs; some may go while they are looked at.</summary>
    internal ReadOnlySpan<PairOffload?> Pairs => _records.Pairs;

    /// <summary>A record, in the memory that the kernel's program writes.</summary>
    internal ref SpliceRecord this[int index] => ref _records[index];

    /// <summary>The pair a record belongs to; null where it has just gone.</summary>
    internal PairOffload? PairOf(int index) => _records.PairOf(index);

    /// <summary>Makes the maps. EPERM, ENOMEM and what else bpf(2) says.</summary>
    internal static Errno TryCreate(int pairs, out SpliceTable? table)
    {
        table = null;
        uint entries = 2 * (uint)pairs;
        BpfMap? map = null;
        RecordTable<SpliceRecord, PairOffload>? records = null;
        Errno errno = BpfMap.Create(BpfMapType.Hash, "sluice_slots", sizeof(ulong), sizeof(uint), entries, 0, out BpfMap? slots);
        if (errno == Errno.None)
            errno = BpfMap.Create(BpfMapType.Array, "sluice_records", sizeof(uint), SpliceRecord.Size, entries, BpfMapFlags.Mappable, out map);
        if (errno == Errno.None)
            errno = RecordTable<SpliceRecord, PairOffload>.Map(map!, out records);
        if (errno == Errno.None)
        {
            table = new SpliceTable(slots!, map!, records!);
            return Errno.None;
        }

        slots?.Dispose();
        map?.Dispose();
        return errno;
    }

    /// <inheritdoc cref="RecordTable{TRecord, TPair}.Rent"/>
    internal int Rent(PairOffload? pair) => _records.Rent(pair);

    /// <summary>Gives the room back. Only when both sockets are closed, or were never in.</summary>
    internal void Return(int index) => _records.Return(index);

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
