using System.Runtime.CompilerServices;
using Sluice.Redirect;
using Sluice.Redirect.Linux;
using Sluice.Redirect.Verdicts;

namespace Sluice.SockMapConformance.Behaviour;

/// <summary>What became of bytes.</summary>
internal enum Fate
{
    Passed,
    Dropped,

    /// <summary>Redirected out of a socket.</summary>
    SentOut,

    /// <summary>Redirected to the reader of a socket.</summary>
    Queued,
}

/// <summary>Bytes by what became of them, as programs count them in the kernel.</summary>
[InlineArray(4)]
internal struct LedgerEntry
{
    private ulong _first;

    public readonly long Of(Fate fate) => (long)this[(int)fate];

    public readonly long All => Enum.GetValues<Fate>().Sum(Of);
}

/// <summary>
/// What the programs of one test share with us: an entry for what arrives at each socket and one for what it sends, in mapped
/// memory, and a ring buffer that tells of every run.
/// </summary>
internal sealed class Ledger : IDisposable
{
    public const int Nobody = 0;

    private readonly MappedArray<LedgerEntry> _entries;
    private readonly RingBufferReader _reader;
    private readonly Epoll _epoll = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<uint, End> _ports = [];

    public Ledger()
    {
        int entries = 2 * (Enum.GetValues<End>().Length + 1);
        Entries = Create(BpfMapType.Array, sizeof(uint), 32, (uint)entries, BpfMapFlags.Mappable);
        Events = Create(BpfMapType.RingBuffer, 0, 0, 1 << 16, 0);
        Assert.Equal(Errno.None, MappedArray<LedgerEntry>.Map(Entries, out MappedArray<LedgerEntry>? mapped));
        Assert.Equal(Errno.None, RingBufferReader.Map(Events, out RingBufferReader? reader));
        (_entries, _reader) = (mapped!, reader!);
        Assert.Equal(0, _epoll.Add(Events.Fd, EpollEvents.In, 0));
    }

    public BpfMap Entries { get; }

    public BpfMap Events { get; }

    /// <summary>Sockets by what a program of any kind can tell them apart by: their local port, and the remote one in the lower half.</summary>
    public IReadOnlyDictionary<uint, End> Ports => _ports;

    public void Know(End end, in SocketKey key) => _ports.Add(((uint)key.LocalPort << 16) | key.RemotePort, end);

    public static int IndexOf(End end, bool sent) => (2 * (int)end) + (sent ? 1 : 0);

    public LedgerEntry Of(End end, bool sent) => _entries[IndexOf(end, sent)];

    /// <summary>The sum over all sockets.</summary>
    public long Sum(Fate fate, bool sent) => Enum.GetValues<End>().Sum(end => Of(end, sent).Of(fate));

    /// <summary>Waits for runs of any program until the condition holds.</summary>
    public void AwaitRuns(Func<bool> condition)
    {
        lock (_gate)
        {
            while (true)
            {
                _reader.Consume(_ => { });
                if (condition())
                    return;

                Assert.True(_epoll.Wait((int)KernelSocket.Patience.TotalMilliseconds) > 0, "The program has not run so often");
            }
        }
    }

    public void Dispose()
    {
        _epoll.Dispose();
        _reader.Dispose();
        _entries.Dispose();
        Entries.Dispose();
        Events.Dispose();
    }

    private static BpfMap Create(BpfMapType type, uint keySize, uint valueSize, uint entries, uint flags)
    {
        Assert.Equal(Errno.None, BpfMap.Create(type, "ledger", keySize, valueSize, entries, flags, out BpfMap? map));
        return map!;
    }
}
