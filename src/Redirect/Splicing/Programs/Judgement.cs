using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Splicing.Programs;

/// <summary>
/// One direction of a psock: bytes go in as they arrive or are sent, the parser frames them, the verdict program judges
/// them, and each segment is delivered. Without programs everything passes.
/// </summary>
internal sealed class Judgement(Psock psock, MessageContext context, PsockOptions options)
{
    private static readonly Decision PassOn = new(DecisionKind.Pass, null, default, false, 0, 0, 0, 0);

    private readonly Delivery _delivery = new(psock, context.Direction, options);
    private ParserMachine? _parser;
    private VerdictMachine? _machine;
    private bool _busy;
    private bool _clearWhenDone;

    internal PsockCounters Counters => _delivery.Counters;

    /// <summary>True while the program judges, or what it has judged is being delivered: no other bytes may be offered.</summary>
    internal bool IsBusy => _busy;

    /// <summary>Bytes that wait for more, in the parser and in the cork.</summary>
    internal int Held => (_parser?.Waiting ?? 0) + (_machine?.Corked ?? 0);

    /// <summary>How often the verdict program has run.</summary>
    internal long Runs => _machine?.Runs ?? 0;

    /// <summary>The programs from now on. What those before hold is to be flushed first, by <see cref="End"/>.</summary>
    internal void Use(IStreamParser? parser, IVerdictProgram? verdict)
    {
        _parser = parser is null ? null : new ParserMachine(parser, context, options.MessageBytes, psock.Reactor.Buffers);
        _machine = verdict is null ? null : new VerdictMachine(verdict, context, options.CorkBytes, psock.Reactor.Buffers);
    }

    /// <summary>
    /// Judges and delivers bytes; they may be overwritten afterwards. Queues that are full then close <paramref name="source"/>.
    /// <paramref name="more"/>: others follow at once, so what is small may wait for them in a queue.
    /// </summary>
    internal void Offer(ReadOnlyMemory<byte> bytes, Valve source, bool more = false)
    {
        if (_machine is null && _parser is null)
            _delivery.Put(bytes, PassOn, source, more);
        else
            Run(bytes, source, isEnd: false);
    }

    /// <summary>
    /// True when a queue was full in the middle of what had arrived: however much a program inserts, no queue grows by more than
    /// one segment beyond its limit. Nothing may be offered before <see cref="Resume"/>.
    /// </summary>
    internal bool IsPaused { get; private set; }

    /// <summary>Goes on with what was left, once the valve is open again.</summary>
    internal void Resume(Valve source) => Run(default, source, isEnd: false);

    /// <summary>True when a parser tells messages apart, and nothing waits for the rest of one.</summary>
    internal bool IsBetweenMessages => _parser is not null && !_busy && !IsPaused && Held == 0;

    /// <summary>True when it holds nothing, so that the next byte begins a message, and what last stood was to pass or to drop.</summary>
    internal bool IsAtRest(out StandingVerdict standing)
    {
        standing = default;
        return !_busy && !IsPaused && Held == 0 && (_machine is null || _machine.IsAtRest(out standing));
    }

    /// <summary>Another engine has judged bytes, and this one goes on from here.</summary>
    internal void Continue(in StandingVerdict standing)
    {
        _parser?.Continue(standing.StreamOffset);
        _machine?.Continue(standing);
    }

    /// <summary>Nothing more will come: judges and delivers what waits.</summary>
    internal void End(Valve source)
    {
        if (Held > 0)
            Run(default, source, isEnd: true);
    }

    /// <summary>Drops what waits and gives the memory back; at once, or when the bytes being judged are done with.</summary>
    internal void Clear()
    {
        _clearWhenDone = _busy;
        if (_busy)
            return;

        _parser?.Clear();
        _machine?.Clear();
    }

    // Of a psock that is still open it was the sending that failed, and what stayed corked is lost with it.
    private void ClearNow()
    {
        if (psock.IsOpen)
            psock.Lose(Held);
        Clear();
    }

    // What was judged before a fault or an error still goes where it was sent.
    private void Run(ReadOnlyMemory<byte> bytes, Valve source, bool isEnd)
    {
        if (_busy)
            throw new InvalidOperationException("A program may not be given bytes while it is judging others");

        _busy = true;
        PsockEnd? end = null;
        try
        {
            Judge(bytes, source, isEnd);
            if (_parser is { Error: not Errno.None and var errno })
                end = PsockEnd.OfSocket(psock.Side, errno);
        }
        catch (ProgramFaultException fault)
        {
            end = PsockEnd.OfProgram(fault);
        }
        finally
        {
            _busy = false;
            _delivery.Flush();
        }

        if (_clearWhenDone)
            ClearNow();
        if (end is not null)
            psock.Finish(end);
    }

    // False: the valve has closed, and what is left waits for Resume.
    private bool Drain(Valve source, bool pauses)
    {
        while (psock.IsOpen)
        {
            while (psock.IsOpen && _machine is not null && _machine.Next(out Segment segment))
            {
                _delivery.Put(segment.Bytes, segment.Decision, source, HasMore);
                if (pauses && !source.IsOpen)
                    return false;
            }

            if (!psock.IsOpen || _parser is null || !_parser.Next(out ReadOnlyMemory<byte> message))
                return true;

            if (_machine is not null)
            {
                _machine.Offer(message);
                continue;
            }

            _delivery.Put(message, PassOn, source, HasMore);
            if (pauses && !source.IsOpen)
                return false;
        }

        return true;
    }

    private bool HasMore => Held > 0;

    private void Judge(ReadOnlyMemory<byte> bytes, Valve source, bool isEnd)
    {
        if (!bytes.IsEmpty && _parser is not null)
            _parser.Offer(bytes);
        else if (!bytes.IsEmpty)
            _machine!.Offer(bytes);

        IsPaused = !Drain(source, pauses: !isEnd && context.Direction == MessageDirection.Ingress);
        if (IsPaused)
        {
            _machine?.Hold();
            _parser?.Hold();
        }

        if (!isEnd)
            return;

        _parser?.End();
        Drain(source, pauses: false);
        _machine?.End();
        Drain(source, pauses: false);
    }
}
