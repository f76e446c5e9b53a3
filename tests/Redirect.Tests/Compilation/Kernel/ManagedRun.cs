using System.Buffers;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Compilation.Kernel;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Tests.Compilation.Kernel;

/// <summary>What the managed engine makes of the messages that the kernel has judged.</summary>
internal sealed class ManagedRun : IVerdictObserver
{
    private readonly VerdictMachine _machine;
    private readonly BpfProgramKind _kind;

    public ManagedRun(VerdictPlan plan, MessageContext context, BpfProgramKind kind)
    {
        _kind = kind;
        Counts = new ulong[plan.Rules.Rules.Length + 1];
        _machine = new VerdictMachine(
            new ManagedBackend(plan, _ => 8), context with { Observer = this, Clusters = new Clusters() }, plan.Rules.MaxMessage, ArrayPool<byte>.Shared);
    }

    public ulong[] Counts { get; }

    public List<byte> Passed { get; } = [];

    public void OnRule(IVerdictProgram program, int rule) => Counts[rule]++;

    /// <summary>
    /// Judges the stream in messages of these lengths up to where the kernel has. If the kernel <paramref name="hadTo"/> hand
    /// over, the next message must be one that it cannot judge.
    /// </summary>
    public void Run(byte[] stream, int[] lengths, int judged, bool hadTo)
    {
        int came = 0;
        int at = 0;
        foreach (int length in lengths)
        {
            _machine.Offer(stream.AsMemory(at, length));
            at += length;
            while (came < at)
            {
                if (came == judged)
                {
                    CheckHandOver(at - came, hadTo);
                    return;
                }

                Assert.True(_machine.Next(out Segment segment), $"The kernel judged from {came} on what has to wait for more bytes");
                Assert.True(segment.Decision.Kind is DecisionKind.Pass or DecisionKind.Drop, $"The kernel judged a {segment.Decision.Kind}");
                came += segment.Bytes.Length;
                if (segment.Decision.Kind == DecisionKind.Pass)
                    Passed.AddRange(segment.Bytes.Span);
            }

            Assert.False(_machine.Next(out _));
        }

        Assert.Equal(judged, came);
    }

    private void CheckHandOver(int length, bool hadTo)
    {
        ulong[] counts = [.. Counts];
        bool isDecided = _machine.Next(out Segment segment);
        counts.CopyTo(Counts, 0);
        if (!hadTo || !isDecided)
            return;

        Decision decision = segment.Decision;
        bool isBeyondKernel = decision.Kind is not (DecisionKind.Pass or DecisionKind.Drop) || decision.RedirectFailed
            || decision.Inserted + decision.Removed > 0
            || (_kind == BpfProgramKind.SkMsg && decision.Kind == DecisionKind.Drop) || segment.Bytes.Length < length;
        Assert.True(isBeyondKernel, $"The kernel handed over what it can judge: {decision}");
    }
}
