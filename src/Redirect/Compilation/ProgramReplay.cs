using System.Buffers;
using System.Collections.Immutable;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Compilation;

/// <summary>
/// Shows what a program makes of a stream, step by step: the machines and the back end that judge connections run here without
/// one, on bytes that are given by hand. It does no I/O. One stream for each instance, one thread at a time.
/// </summary>
public sealed class ProgramReplay
{
    private readonly ReplayRecorder _recorder;
    private readonly VerdictMachine _machine;
    private readonly ReplayParser? _framing;
    private readonly ParserMachine? _parser;
    private readonly List<ReplayStep> _steps = [];
    private ReplayRun? _standing;
    private Ruling _waiting;
    private long _received;
    private long _judged;
    private int _window;

    /// <summary>A replay of one direction of a connection. All clusters that rules redirect to can be reached.</summary>
    /// <param name="program">What judges the bytes.</param>
    /// <param name="context">The socket they pass through; its observer and clusters are not used.</param>
    public ProgramReplay(ManagedBackend program, MessageContext context)
    {
        _recorder = new ReplayRecorder(program);
        context = context with { Observer = _recorder, Clusters = new ReplaySockets() };
        (Rules.Framing? framing, int most) = (program.Plan.Rules.Framing, program.Plan.Rules.MaxMessage);
        _machine = new VerdictMachine(_recorder, context, most, ArrayPool<byte>.Shared);
        if (framing is not null)
        {
            _framing = new ReplayParser(new FramingParser(framing, most));
            _parser = new ParserMachine(_framing, context, most, ArrayPool<byte>.Shared);
        }
    }

    /// <summary>True once the stream or the connection has ended: nothing happens any more.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Bytes arrive together. What happens then; the last step tells what waits, if anything does.</summary>
    public ImmutableArray<ReplayStep> Offer(ReadOnlyMemory<byte> bytes)
    {
        if (IsOver || bytes.IsEmpty)
            return [];

        _received += bytes.Length;
        if (_parser is null)
            _machine.Offer(bytes);
        else
            _parser.Offer(bytes);
        Run();
        if (!IsOver)
            Wait();
        return Taken();
    }

    /// <summary>The stream ends (FIN): what waits is judged as it is.</summary>
    public ImmutableArray<ReplayStep> End()
    {
        if (IsOver)
            return [];

        _parser?.End();
        if (_parser is null)
            _machine.End();
        Run();
        Finish();
        return Taken();
    }

    private void Run()
    {
        if (_parser is null)
        {
            Judge();
            return;
        }

        while (!IsOver && _parser.Next(out ReadOnlyMemory<byte> message))
        {
            _steps.Add(new MessageFound(_judged, message.Length, [.. message.Span], IsWhole: message.Length == _framing!.Announced));
            _machine.Offer(message);
            Judge();
        }

        if (_parser.Error != Errno.None)
            Break(_parser.Error);
    }

    private void Judge()
    {
        while (!IsOver)
        {
            bool isJudged = _machine.Next(out Segment segment);
            ReplayRun? run = _recorder.Take();
            if (run is not null)
                Decide(run);
            bool isDecided = run is { Ruling.IsDecided: true };
            // Decided, and nothing comes out: all of it was taken out by the run.
            if (isJudged || isDecided)
                LetGo(segment.Bytes, isStanding: !isDecided);
            if (!isJudged)
                return;
        }
    }

    private void Decide(ReplayRun run)
    {
        _waiting = run.Ruling;
        if (!run.Ruling.IsDecided)
            return;

        _standing = run;
        _window = run.Decision.ApplyBytes;
        _steps.Add(new RuleDecided(run.Offset, run.Bytes.Length, run.Bytes, run.Shadows, run.Ruling.Rule));
    }

    private void LetGo(ReadOnlyMemory<byte> bytes, bool isStanding)
    {
        ReplayRun run = _standing!;
        // What a run inserts or removes is among the first bytes that it lets go.
        int came = isStanding ? bytes.Length : Math.Clamp(bytes.Length - run.Decision.Inserted + run.Decision.Removed, 0, run.Bytes.Length);
        if (_window != int.MaxValue)
            _window = Math.Max(0, _window - bytes.Length);
        _steps.Add(new BytesJudged(_judged, came, [.. bytes.Span], run.Ruling.Rule, run.Decision, isStanding, _window));
        _judged += came;
        if (run.Decision.Kind == DecisionKind.Reset)
            Break(Errno.None);
    }

    private void Wait()
    {
        if (_machine.Corked > 0)
            _steps.Add(new BytesAwaited(_judged, _machine.Corked, _waiting.Rule, _waiting.NeededBytes));
        else if (_parser is { Waiting: > 0 })
            _steps.Add(new BytesAwaited(_judged, _parser.Waiting, null, _framing!.Announced));
    }

    private void Break(Errno errno)
    {
        _steps.Add(new ReplayEnded(_judged, (int)(_received - _judged), errno));
        Finish();
    }

    private void Finish()
    {
        IsOver = true;
        _parser?.Clear();
        _machine.Clear();
    }

    private ImmutableArray<ReplayStep> Taken()
    {
        ImmutableArray<ReplayStep> taken = [.. _steps];
        _steps.Clear();
        return taken;
    }
}
