using Sluice.Redirect.Bpf;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Splicing.Kernel;

/// <summary>
/// The kernel's side of one reactor's offloaded pairs: the maps, the program that is attached to them, and the records both
/// sides share. A pair has two neighbouring records, the client's at the even index. Lives on its reactor.
/// </summary>
internal sealed class SpliceTable : IDisposable
{
    private readonly BpfMap _slots;
    private readonly BpfMap _sockets;
    private readonly MappedArray<SpliceRecord> _records;
    private readonly KernelSplice?[] _pairs;
    private readonly Stack<int> _free;

    private SpliceTable(BpfMap slots, BpfMap sockets, MappedArray<SpliceRecord> records, int pairs)
    {
        (_slots, _sockets, _records) = (slots, sockets, records);
        _pairs = new KernelSplice?[pairs];
        _free = new Stack<int>(Enumerable.Range(0, pairs).Reverse());
    }

    /// <summary>Pairs that are in.</summary>
    internal int Count => _pairs.Length - _free.Count;

    /// <summary>A record, in the memory that the kernel's program writes.</summary>
    internal ref SpliceRecord this[int index] => ref _records[index];

    /// <summary>The pair a record belongs to; null where it has just gone.</summary>
    internal KernelSplice? PairOf(int index) => (uint)index < (uint)(2 * _pairs.Length) ? _pairs[index >> 1] : null;

    /// <summary>All pairs; some may go while they are looked at.</summary>
    internal ReadOnlySpan<KernelSplice?> Pairs => _pairs;

    /// <summary>Makes maps and program and attaches it. The ring is the caller's. An errno, with the verifier's log after a refusal.</summary>
    internal static Errno TryCreate(int pairs, TcpSockFields fields, BpfMap events, out SpliceTable? table, out string log)
    {
        (table, log) = (null, "");
        uint entries = 2 * (uint)pairs;
        BpfMap? slots = null, sockets = null, records = null;
        MappedArray<SpliceRecord>? mapped = null;
        Errno errno = BpfMap.Create(BpfMapType.Hash, "sluice_slots", sizeof(ulong), sizeof(uint), entries, 0, out slots);
        if (errno == Errno.None)
            errno = BpfMap.Create(BpfMapType.SockMap, "sluice_sockets", sizeof(uint), sizeof(ulong), entries, 0, out sockets);
        if (errno == Errno.None)
            errno = BpfMap.Create(BpfMapType.Array, "sluice_records", sizeof(uint), SpliceRecord.Size, entries, BpfMapFlags.Mappable, out records);
        if (errno == Errno.None)
            errno = MappedArray<SpliceRecord>.Map(records!, out mapped);
        if (errno == Errno.None)
            errno = Attach(SpliceProgram.Assemble(fields), sockets!, name => FdOf(name, slots!, records!, sockets!, events), out log);

        records?.Dispose(); // the program and the mapping keep it
        if (errno == Errno.None)
        {
            table = new SpliceTable(slots!, sockets!, mapped!, pairs);
            return Errno.None;
        }

        slots?.Dispose();
        sockets?.Dispose();
        mapped?.Dispose();
        return errno;
    }

    /// <summary>Room for a pair, or for two sockets that nobody splices: the index of its first record, both zeroed; or -1.</summary>
    internal int Rent(KernelSplice? pair)
    {
        if (!_free.TryPop(out int slot))
            return -1;

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
    internal Errno Know(ulong cookie, int index) => _slots.Update(cookie, (uint)index);

    internal void Forget(ulong cookie) => _ = _slots.Delete(cookie);

    /// <summary>From now on the program sees what arrives at the socket, until it is closed.</summary>
    internal Errno Insert(int index, int fd) => _sockets.Update((uint)index, (ulong)fd, NoExist);

    /// <summary>Neither a socket nor a cookie lies in the kernel's maps. Asks for each entry.</summary>
    internal bool IsEmpty()
    {
        for (uint index = 0; index < _sockets.MaxEntries; index++)
        {
            if (_sockets.Lookup(index, out ulong _) != Errno.ENOENT)
                return false;
        }

        return _slots.FirstKey<ulong>(out _) == Errno.ENOENT;
    }

    public void Dispose()
    {
        _slots.Dispose();
        _sockets.Dispose();
        _records.Dispose();
    }

    private const ulong NoExist = 1;
    private const uint SkSkbStreamVerdict = 5;

    private static Errno Attach(ProgramImage image, BpfMap sockets, Func<string, int> fdOf, out string log)
    {
        Errno errno = BpfProgram.Load(BpfProgramType.SkSkb, "sluice_splice", image.Resolve(fdOf), 0, out BpfProgram? program, out log);
        if (errno != Errno.None)
            return errno;

        using (program)
            return sockets.Attach(program!, SkSkbStreamVerdict);
    }

    private static int FdOf(string name, BpfMap slots, BpfMap records, BpfMap sockets, BpfMap events) =>
        name == SpliceMapNames.Slots.Name ? slots.Fd
        : name == SpliceMapNames.Records.Name ? records.Fd
        : name == SpliceMapNames.Sockets.Name ? sockets.Fd
        : events.Fd;
}
