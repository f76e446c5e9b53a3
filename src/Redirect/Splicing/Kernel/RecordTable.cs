using System.Runtime.InteropServices;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Splicing.Kernel;

/// <summary>
/// Records that programs of the kernel share with this process, two neighbouring ones for each pair: the client's at the even index.
/// Lives on its reactor.
/// </summary>
/// <typeparam name="TRecord">A record.</typeparam>
/// <typeparam name="TPair">Who has a pair's records.</typeparam>
internal sealed class RecordTable<TRecord, TPair> : IDisposable
    where TRecord : unmanaged
    where TPair : class
{
    private readonly MappedArray<TRecord> _records;

    // They grow with what is in use: most that there is room for never comes.
    private readonly List<TPair?> _pairs = [];
    private readonly Stack<int> _free = [];

    private RecordTable(MappedArray<TRecord> records) => _records = records;

    /// <summary>Pairs that are in.</summary>
    internal int Count => _pairs.Count - _free.Count;

    /// <summary>All pairs; some may go while they are looked at.</summary>
    internal ReadOnlySpan<TPair?> Pairs => CollectionsMarshal.AsSpan(_pairs);

    /// <summary>A record, in the memory that the kernel's program writes.</summary>
    internal ref TRecord this[int index] => ref _records[index];

    /// <summary>The pair a record belongs to; null where it has just gone.</summary>
    internal TPair? PairOf(int index) => (uint)index >> 1 < (uint)_pairs.Count ? _pairs[index >> 1] : null;

    /// <summary>Maps an array of an even number of records.</summary>
    internal static Errno Map(BpfMap records, out RecordTable<TRecord, TPair>? table)
    {
        Errno errno = MappedArray<TRecord>.Map(records, out MappedArray<TRecord>? mapped);
        table = mapped is null ? null : new RecordTable<TRecord, TPair>(mapped);
        return errno;
    }

    /// <summary>Room for a pair, or for sockets that nobody splices: the index of its first record, both zeroed; or -1.</summary>
    internal int Rent(TPair? pair)
    {
        if (!_free.TryPop(out int slot))
        {
            if (2 * _pairs.Count >= _records.Count - 1)
                return -1;

            slot = _pairs.Count;
            _pairs.Add(null);
        }

        _pairs[slot] = pair;
        _records[2 * slot] = default;
        _records[(2 * slot) + 1] = default;
        return 2 * slot;
    }

    /// <summary>Room that was rented for nobody is this pair's.</summary>
    internal void Give(int index, TPair pair) => _pairs[index >> 1] = pair;

    /// <summary>Gives the room back.</summary>
    internal void Return(int index)
    {
        _pairs[index >> 1] = null;
        _free.Push(index >> 1);
    }

    public void Dispose() => _records.Dispose();
}
