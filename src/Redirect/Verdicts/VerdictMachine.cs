using System.Buffers;

namespace Sluice.Redirect.Verdicts;

/// <summary>
/// The apply and cork machine of one socket and direction: messages go in as they arrive, the program runs when the
/// kernel would run it (tcp_bpf_send_verdict), and judged segments come out in order. It does no I/O and keeps only what is
/// corked, at most <c>mostHeld</c> bytes and one message. After <see cref="Offer"/> or <see cref="End"/>,
/// <see cref="Next"/> is called until it gives no more.
/// </summary>
internal sealed class VerdictMachine
{
    // A verdict applied to so many bytes stands for all that is to come.
    private const int WholeStream = int.MaxValue;

    private readonly IVerdictProgram _program;
    private readonly int _mostHeld;
    private readonly HeldBytes _bytes;
    private readonly Message _message;
    private Decision _standing;
    private int _window;
    private int _wanted;
    private int _handedOut;
    private int _net;
    private long _offset;
    private bool _ended;

    /// <summary>
    /// A program may cork <paramref name="mostHeld"/> bytes, at least 1. With that many at hand it runs for the last time and
    /// what it returns counts, as in the kernel when the 17 fragments of its ring are full. What is corked or changed is in
    /// memory from <paramref name="pool"/>.
    /// </summary>
    internal VerdictMachine(IVerdictProgram program, MessageContext context, int mostHeld, ArrayPool<byte> pool)
    {
        (_program, _mostHeld, _bytes) = (program, mostHeld, new HeldBytes(pool));
        _message = new Message(_bytes, context, mostInserted: mostHeld);
    }

    /// <summary>Bytes that wait for more.</summary>
    internal int Corked => _bytes.Length - _handedOut;

    /// <summary>How often the program has run.</summary>
    internal long Runs { get; private set; }

    /// <summary>Adds a message. Its memory must stay as it is until <see cref="Next"/> has given no more.</summary>
    internal void Offer(ReadOnlyMemory<byte> message)
    {
        Settle();
        _bytes.Append(message);
    }

    /// <summary>Nothing more will come: the program judges what is corked as it is.</summary>
    internal void End() => _ended = true;

    /// <summary>
    /// The next judged bytes, or false when there are none before more is offered. Throws <see cref="ProgramFaultException"/>;
    /// the machine is of no use after that.
    /// </summary>
    internal bool Next(out Segment segment)
    {
        Settle();
        if (_bytes.Length == 0 || (_window == 0 && !Judge()) || _bytes.Length == 0)
        {
            Rest();
            segment = default;
            return false;
        }

        _handedOut = Math.Min(_window, _bytes.Length);
        segment = new Segment(_bytes.Memory[.._handedOut], _standing);
        return true;
    }

    /// <summary>Keeps what is left, though <see cref="Next"/> has more to give: the memory that was offered may be overwritten.</summary>
    internal void Hold()
    {
        Settle();
        Rest();
    }

    /// <summary>True when it holds nothing, and what last stood was to pass or to drop as it came: another engine could go on from here.</summary>
    internal bool IsAtRest(out StandingVerdict standing)
    {
        Settle();
        standing = new StandingVerdict(_window, _window > 0 && _standing.Kind == DecisionKind.Drop, _offset);
        return _bytes.Length == 0 && _net == 0 && _wanted == 0 && (_window == 0 || _standing.Kind is DecisionKind.Pass or DecisionKind.Drop);
    }

    /// <summary>Another engine has judged bytes since it was at rest, and this one goes on from here.</summary>
    internal void Continue(in StandingVerdict standing)
    {
        DecisionKind kind = standing.IsDrop ? DecisionKind.Drop : DecisionKind.Pass;
        (_standing, _window, _offset) = (new Decision(kind, null, default, false, standing.Window, 0, 0, 0), standing.Window, standing.StreamOffset);
    }

    /// <summary>Gives its memory back; what it holds is dropped.</summary>
    internal void Clear()
    {
        _bytes.Clear();
        (_handedOut, _window, _wanted) = (0, 0, 0);
    }

    // False: more bytes are needed before there is a decision.
    private bool Judge()
    {
        bool isFinal = _ended || _bytes.Length >= _mostHeld;
        if (_bytes.Length < _wanted && !isFinal)
            return false;

        int before = _bytes.Length;
        Decision decision = Run(isFinal);
        if (decision.CorkBytes > _bytes.Length && !isFinal)
        {
            _wanted = Math.Min(decision.CorkBytes, _mostHeld);
            return false;
        }

        (_standing, _wanted) = (decision, 0);
        _window = decision.ApplyBytes > 0 ? decision.ApplyBytes : _bytes.Length;
        // Inserting more than it lets go, the program would be run for ever on what it has inserted itself.
        if (_bytes.Length - Math.Min(_window, _bytes.Length) >= before)
            throw new ProgramFaultException(
                $"The program inserted {decision.Inserted} bytes into {before} and applied its verdict to {decision.ApplyBytes}: it would never come to an end");

        return true;
    }

    private Decision Run(bool isFinal)
    {
        Runs++;
        _message.Begin(_offset, isFinal);
        Verdict verdict;
        try
        {
            verdict = _program.Run(_message);
        }
        catch (Exception exception)
        {
            throw new ProgramFaultException($"The program threw {exception.GetType().Name}: {exception.Message}", exception);
        }

        if (verdict > Verdict.Pass)
            throw new ProgramFaultException($"The program returned {(int)verdict}, which is neither SK_DROP (0) nor SK_PASS (1)");

        Decision decision = _message.Decide(verdict);
        _net += decision.Inserted - decision.Removed;
        return decision;
    }

    // The segment handed out last is done with.
    private void Settle()
    {
        if (_handedOut == 0)
            return;

        Pass(_handedOut);
        _bytes.Consume(_handedOut);
        if (_window != WholeStream)
            _window -= _handedOut;
        _handedOut = 0;
    }

    // Offsets count bytes as they came. What was inserted or removed is settled with the bytes that leave next.
    private void Pass(int count)
    {
        int came = Math.Clamp(count - _net, 0, _bytes.Length - _net);
        _net -= count - came;
        _offset += came;
    }

    private void Rest()
    {
        if (_bytes.Length > 0)
        {
            _bytes.Keep();
            return;
        }

        if (_net != 0)
            Pass(0);
        _bytes.Clear();
    }
}
