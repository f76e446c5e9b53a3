using System.Buffers;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Compilation.Kernel;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Tests.Compilation.Kernel;

/// <summary>A plan in the managed engine: what becomes of messages, and what is counted meanwhile.</summary>
internal sealed class ManagedRun : IVerdictObserver
{
    private readonly VerdictMachine _machine;
    private readonly VerdictPlan _plan;
    private bool _redirectFailed;
    private int _lastRule;

    public ManagedRun(VerdictPlan plan, MessageContext context)
    {
        _plan = plan;
        Counts = new ulong[plan.Rules.Rules.Length + 1];
        _machine = new VerdictMachine(
            new ManagedBackend(plan, _ => 8), context with { Observer = this, Clusters = new Clusters() }, plan.Rules.MaxMessage, ArrayPool<byte>.Shared);
    }

    public ulong[] Counts { get; }

    /// <summary>What was decided, and for which bytes, each run on its own.</summary>
    public List<(DecisionKind Kind, string Bytes)> Segments { get; } = [];

    public void OnRule(IVerdictProgram program, int rule)
    {
        Counts[rule]++;
        _lastRule = rule;
    }

    public void Continue(StandingVerdict place) => _machine.Continue(place);

    /// <summary>
    /// Judges the messages that the stream is cut into, from the first on until <paramref name="judged"/> bytes are, which may be
    /// some of a message. Gives what is left to judge.
    /// </summary>
    public byte[][] Run(byte[][] messages, int judged, out StandingVerdict place)
    {
        int came = 0;
        int at = 0;
        for (; came < judged; at++)
        {
            _machine.Offer(messages[at]);
            came += messages[at].Length;
            while ((Offset < judged || came == judged) && _machine.Next(out Segment segment))
                Keep(segment);
        }

        bool isAtRest = _machine.IsAtRest(out place);
        Assert.True(isAtRest || came > judged, "The kernel judged what has to wait for more bytes");
        Assert.Equal(judged, place.StreamOffset);
        byte[][] rest = messages[at..];
        return came > judged ? [messages[at - 1][^(came - judged)..], .. rest] : rest;
    }

    private long Offset => _machine.IsAtRest(out StandingVerdict place) ? place.StreamOffset : place.StreamOffset;

    /// <summary>Judges all of the messages and the end of the stream.</summary>
    public void RunToEnd(IEnumerable<byte[]> messages)
    {
        foreach (byte[] message in messages)
            Judge(message);
        _machine.End();
        Drain();
    }

    /// <summary>Whether the message that comes now is one that no program of the kernel can judge: one of which a part has to wait, or that is treated as the kernel cannot.</summary>
    public bool IsBeyondKernel(byte[] message, BpfProgramKind kind)
    {
        int before = Segments.Count;
        _machine.Offer(message);
        bool isDecided = _machine.Next(out Segment segment);
        if (isDecided)
            Keep(segment);
        if (!isDecided || _redirectFailed)
            return true;
        if (kind == BpfProgramKind.SkMsg && Segments[^1].Kind != DecisionKind.Drop)
            return Segments[^1].Kind != DecisionKind.Pass;

        Drain();
        return Segments.Count - before != 1
            || Segments[^1].Kind is not (DecisionKind.Pass or DecisionKind.Drop)
            || _plan.ActionOf(_lastRule) is { Push: not null } or { Pop: not null }
            || Segments[^1].Bytes != Convert.ToHexString(message);
    }

    private void Judge(byte[] message)
    {
        _machine.Offer(message);
        Drain();
    }

    private void Drain()
    {
        while (_machine.Next(out Segment segment))
            Keep(segment);
    }

    private void Keep(in Segment segment)
    {
        _redirectFailed = segment.Decision.RedirectFailed;
        Segments.Add((segment.Decision.Kind, Convert.ToHexString(segment.Bytes.Span)));
    }
}
