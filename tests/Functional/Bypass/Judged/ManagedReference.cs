using System.Buffers;
using Sluice.Redirect;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Verdicts;

namespace Sluice.Functional;

/// <summary>What the managed engine alone makes of one direction's stream.</summary>
internal sealed class ManagedReference : IVerdictObserver
{
    private readonly ParserMachine? _parser;
    private readonly VerdictMachine _machine;
    private readonly List<byte> _passed = [];

    public ManagedReference(VerdictPlan plan, Direction side)
    {
        MessageContext context = new(MessageDirection.Ingress, default, default) { Side = side, Observer = this };
        Counts = new long[plan.Rules.Rules.Length + 1];
        _parser = plan.Rules.Framing is { } framing
            ? new ParserMachine(new FramingParser(framing, plan.Rules.MaxMessage), context, plan.Rules.MaxMessage, ArrayPool<byte>.Shared)
            : null;
        _machine = new VerdictMachine(JudgedLink.ProgramOf(plan).Verdict, context, plan.Rules.MaxMessage, ArrayPool<byte>.Shared);
    }

    public long[] Counts { get; }

    /// <summary>A rule or the framing has ended the connection.</summary>
    public bool IsReset { get; private set; }

    /// <summary>Lengths of the messages so far, for streams to be cut at their ends.</summary>
    public List<int> Messages { get; } = [];

    public void OnRule(IVerdictProgram program, int rule) => Counts[rule]++;

    /// <summary>What goes on to the receiver now.</summary>
    public byte[] Judge(byte[] bytes)
    {
        if (IsReset)
            return [];
        if (_parser is null)
            _machine.Offer(bytes);
        else
            _parser.Offer(bytes);
        return Drain();
    }

    /// <summary>What goes on at the end of the stream.</summary>
    public byte[] End()
    {
        if (IsReset)
            return [];
        _parser?.End();
        byte[] last = Drain();
        _machine.End();
        return [.. last, .. Drain()];
    }

    private byte[] Drain()
    {
        _passed.Clear();
        do
        {
            while (!IsReset && _machine.Next(out Segment segment))
            {
                if (segment.Decision.Kind == DecisionKind.Pass)
                    _passed.AddRange(segment.Bytes.Span);
                IsReset = segment.Decision.Kind == DecisionKind.Reset;
            }
        }
        while (!IsReset && TakeMessage());

        IsReset |= _parser is { Error: not Errno.None };
        return [.. _passed];
    }

    private bool TakeMessage()
    {
        if (_parser is null || !_parser.Next(out ReadOnlyMemory<byte> message))
            return false;

        Messages.Add(message.Length);
        _machine.Offer(message);
        return true;
    }
}
