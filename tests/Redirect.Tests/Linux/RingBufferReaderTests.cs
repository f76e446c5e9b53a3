using System.Runtime.InteropServices;
using Sluice.Redirect.Bpf;
using Sluice.Redirect.Linux;
using static Sluice.Redirect.Bpf.OperandSize;
using static Sluice.Redirect.Bpf.Register;

namespace Sluice.Redirect.Tests.Linux;

public sealed class RingBufferReaderTests : KernelTest
{
    private const int RecordSize = 24;
    private const int RecordsThatFit = 4096 / (RecordSize + 8);

    [Fact]
    public void Records_come_in_their_order_round_and_round()
    {
        using var ring = new Ring();
        long next = 0;
        for (int turn = 0; turn < 20; turn++)
        {
            for (int i = 0; i < 100; i++)
                Assert.True(ring.Write((turn * 100) + i));
            Assert.Equal(100, ring.Reader.Consume(record => Assert.Equal(next++, Number(record))));
        }

        Assert.Equal(0, ring.Reader.Consume(_ => Assert.Fail("There is nothing")));
    }

    [Fact]
    public void A_full_ring_refuses_and_takes_again_what_was_read()
    {
        using var ring = new Ring();
        for (int i = 0; i < RecordsThatFit - 1; i++)
            Assert.True(ring.Write(i));
        while (ring.Write(0)) // how many more fit, to the last byte, is the kernel's affair
        {
        }

        Assert.Equal(3, ring.Reader.Consume(_ => { }, most: 3));
        Assert.True(ring.Write(0));
    }

    [Fact]
    public void Discarded_records_are_passed_over()
    {
        using var ring = new Ring();
        Assert.True(ring.Write(1));
        ring.Discard();
        Assert.True(ring.Write(2));
        List<long> numbers = [];
        Assert.Equal(2, ring.Reader.Consume(record => numbers.Add(Number(record))));
        Assert.Equal([1, 2], numbers);
    }

    [Fact]
    public void What_a_handler_failed_at_comes_again()
    {
        using var ring = new Ring();
        ring.Write(1);
        Assert.Throws<InvalidOperationException>(() => ring.Reader.Consume(_ => throw new InvalidOperationException()));
        Assert.Equal(1, ring.Reader.Consume(record => Assert.Equal(1, Number(record))));
    }

    [Fact]
    public void A_closed_reader_throws()
    {
        using var ring = new Ring();
        ring.Reader.Dispose();
        Assert.Throws<ObjectDisposedException>(() => ring.Reader.Consume(_ => { }));
    }

    // The writer is at most a ring ahead, so it meets the reader at its end again and again: a wake-up that gets lost there
    // leaves the reader waiting for ever.
    [Fact]
    public void No_wake_up_is_lost()
    {
        const int Records = 50_000;
        using var ring = new Ring();
        using var epoll = new Epoll();
        Assert.Equal(0, epoll.Add(ring.Map.Fd, EpollEvents.In | EpollEvents.EdgeTriggered, 7));
        var writer = new Thread(() =>
        {
            for (int i = 0; i < Records;)
                i += ring.Write(i) ? 1 : 0;
        });
        writer.Start();
        long next = 0;
        RingBufferRecordHandler handler = record => Assert.Equal(next++, Number(record));
        while (next < Records)
        {
            Assert.True(epoll.Wait(20_000) > 0, $"Nobody woke the reader after record {next}");
            ring.Reader.Consume(handler);
        }

        writer.Join();
        Assert.Equal(Records, next);
    }

    private static long Number(ReadOnlySpan<byte> record)
    {
        Assert.Equal(RecordSize, record.Length);
        return MemoryMarshal.Read<long>(record);
    }

    private sealed class Ring : IDisposable
    {
        private readonly BpfProgram _write;
        private readonly BpfProgram _discard;

        public Ring()
        {
            Map = KernelTest.Map(BpfMapType.RingBuffer, 0, 0, entries: 4096);
            _write = TestPrograms.Load(Output, Map);
            _discard = TestPrograms.Load(ReserveAndDiscard, Map);
            Assert.Equal(Errno.None, RingBufferReader.Map(Map, out RingBufferReader? reader));
            Reader = reader!;
        }

        public BpfMap Map { get; }

        public RingBufferReader Reader { get; }

        public bool Write(long number)
        {
            Span<byte> packet = stackalloc byte[64];
            packet.Clear();
            MemoryMarshal.Write(packet[14..], number);
            return _write.Run(packet) == 0;
        }

        public void Discard() => _discard.Run(TestPrograms.Packet);

        public void Dispose()
        {
            Reader.Dispose();
            _write.Dispose();
            _discard.Dispose();
            Map.Dispose();
        }

        // Whatever follows the Ethernet header, into the ring.
        private static void Output(Assembler a)
        {
            a.Move(R2, 14);
            a.Move(R3, R10);
            a.Add(R3, -RecordSize);
            a.Move(R4, RecordSize);
            a.Call(Helper.SkbLoadBytes);
            a.LoadMap(R1, TestPrograms.TheMap);
            a.Move(R2, R10);
            a.Add(R2, -RecordSize);
            a.Move(R3, RecordSize);
            a.Move(R4, 0);
            a.Call(Helper.RingbufOutput);
            a.Exit();
        }

        private static void ReserveAndDiscard(Assembler a)
        {
            Label full = a.NewLabel("full");
            a.LoadMap(R1, TestPrograms.TheMap);
            a.Move(R2, RecordSize);
            a.Move(R3, 0);
            a.Call(Helper.RingbufReserve);
            a.JumpIf(R0, Condition.Equal, 0, full);
            a.StoreImmediate(DoubleWord, R0, 0, -1);
            a.Move(R1, R0);
            a.Move(R2, 0);
            a.Call(Helper.RingbufDiscard);
            a.Mark(full);
            a.Return(0);
        }
    }
}
