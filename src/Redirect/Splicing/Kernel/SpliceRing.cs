using System.Buffers.Binary;
using Sluice.Redirect.Linux;
using Sluice.Redirect.Reactors;

namespace Sluice.Redirect.Splicing.Kernel;

/// <summary>
/// The ring through which one reactor's program tells that a direction came back. Events are hints: one that found the ring
/// full is made up for by the reactor's sweep.
/// </summary>
internal sealed class SpliceRing : EpollRegistration, IDisposable
{
    private const int MostEventsPerTurn = 256;

    private readonly Reactor _reactor;
    private readonly RingBufferReader _reader;
    private readonly RingBufferRecordHandler _onRecord;
    private Action<int, SpliceEvent>? _handler;

    private SpliceRing(Reactor reactor, BpfMap map, RingBufferReader reader)
    {
        (_reactor, Map, _reader) = (reactor, map, reader);
        _onRecord = OnRecord;
    }

    /// <summary>The map that the program writes to.</summary>
    internal BpfMap Map { get; }

    /// <summary>Makes a ring with room for 32 bytes a record at least, and has it watched once somebody listens.</summary>
    internal static Errno TryCreate(Reactor reactor, int records, out SpliceRing? ring)
    {
        ring = null;
        uint bytes = Math.Max((uint)Environment.SystemPageSize, System.Numerics.BitOperations.RoundUpToPowerOf2((uint)records * 32));
        Errno errno = BpfMap.Create(BpfMapType.RingBuffer, "sluice_events", 0, 0, bytes, 0, out BpfMap? map);
        if (errno != Errno.None)
            return errno;

        errno = RingBufferReader.Map(map!, out RingBufferReader? reader);
        if (errno == Errno.None)
            ring = new SpliceRing(reactor, map!, reader!);
        else
            map!.Dispose();
        return errno;
    }

    /// <summary>Begins to hand events over, on the reactor. An errno of epoll_ctl.</summary>
    internal Errno Listen(Action<int, SpliceEvent> handler)
    {
        _handler = handler;
        return (Errno)(-Math.Min(0, _reactor.Watch(this, Map.Fd, EpollEvents.In)));
    }

    // Not edge-triggered: what is left over is reported again in the next turn.
    internal override void OnReady(EpollEvents events) => _reader.Consume(_onRecord, MostEventsPerTurn);

    // The reactor stops.
    internal override void OnFault(Exception exception)
    {
        if (exception is not OperationCanceledException)
            _reactor.Report(exception);
    }

    public void Dispose()
    {
        if (Slot >= 0)
            _reactor.Forget(this);
        _reader.Dispose();
        Map.Dispose();
    }

    private void OnRecord(ReadOnlySpan<byte> record) =>
        _handler!((int)BinaryPrimitives.ReadUInt32LittleEndian(record), (SpliceEvent)BinaryPrimitives.ReadUInt32LittleEndian(record[4..]));
}
