using System.Buffers;
using BenchmarkDotNet.Attributes;
using Sluice.Redirect;
using Sluice.Redirect.Verdicts;

namespace Sluice.Micro;

/// <summary>
/// What judging a message costs, with as little as a program can do. A corking program runs twice for a message: it sees the
/// first half, asks for the whole and judges that.
/// </summary>
[MemoryDiagnoser]
public class VerdictMachineBenchmark
{
    private const int MostHeld = 64 * 1024;
    private readonly byte[] _message = new byte[512];
    private readonly VerdictMachine _passing = Machine(new Comparing());
    private readonly VerdictMachine _applying = Machine(new Applying());
    private readonly VerdictMachine _corking = Machine(new Corking());

    /// <summary>A message is compared and passes.</summary>
    [Benchmark(Baseline = true)]
    public int Pass() => Step(_passing, _message);

    /// <summary>A verdict that stands for 700 bytes meets messages of 512.</summary>
    [Benchmark]
    public int Apply() => Step(_applying, _message);

    /// <summary>A message in two halves, the first of which has to be kept.</summary>
    [Benchmark]
    public int Cork() => Step(_corking, _message.AsMemory(0, 256)) + Step(_corking, _message.AsMemory(256));

    private static VerdictMachine Machine(IVerdictProgram program) =>
        new(program, new MessageContext(MessageDirection.Ingress), MostHeld, ArrayPool<byte>.Shared);

    private static int Step(VerdictMachine machine, ReadOnlyMemory<byte> message)
    {
        int judged = 0;
        machine.Offer(message);
        while (machine.Next(out Segment segment))
            judged += segment.Bytes.Length;
        return judged;
    }

    private sealed class Comparing : IVerdictProgram
    {
        public Verdict Run(Message message) => BitConverter.ToUInt32(message.Data) == 0 ? Verdict.Pass : Verdict.Drop;
    }

    private sealed class Applying : IVerdictProgram
    {
        public Verdict Run(Message message) => message.ApplyBytes(700) == Errno.None ? Verdict.Pass : Verdict.Drop;
    }

    private sealed class Corking : IVerdictProgram
    {
        public Verdict Run(Message message) => message.CorkBytes(512) == Errno.None ? Verdict.Pass : Verdict.Drop;
    }
}
