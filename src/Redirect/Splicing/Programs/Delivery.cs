using Sluice.Redirect.Reactors;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Splicing.Programs;

/// <summary>Takes judged bytes of one direction of a psock to where their decision says.</summary>
internal sealed class Delivery(Psock psock, MessageDirection direction, PsockOptions options)
{
    private readonly List<IRedirectSink> _unflushed = [];

    internal PsockCounters Counters { get; } = new();

    /// <summary>
    /// Delivers; the bytes may be overwritten afterwards. Queues that are full then close <paramref name="source"/>.
    /// <paramref name="more"/>: others follow before <see cref="Flush"/>.
    /// </summary>
    internal void Put(ReadOnlyMemory<byte> bytes, in Decision decision, Valve source, bool more)
    {
        if (decision.Kind == DecisionKind.Drop && !decision.RedirectFailed)
        {
            Counters.Dropped += bytes.Length;
            return;
        }

        if (decision.Kind == DecisionKind.Reset)
        {
            Counters.Dropped += bytes.Length;
            psock.Finish(PsockEnd.OfRule);
            return;
        }

        bool isRedirect = decision.Kind == DecisionKind.Redirect || decision.RedirectFailed;
        if (decision.Kind == DecisionKind.Redirect && Redirect(bytes, decision, source, more))
        {
            Counters.Redirected += bytes.Length;
            return;
        }

        if (isRedirect)
        {
            Counters.RedirectFailed += bytes.Length;
            options.RedirectFailed?.Invoke(psock, decision);
        }

        if (!psock.IsOpen)
        {
            psock.Lose(bytes.Length);
            return;
        }

        Counters.Passed += bytes.Length;
        Pass(bytes, source, more);
    }

    /// <summary>Sends what was put into queues.</summary>
    internal void Flush()
    {
        foreach (IRedirectSink other in _unflushed)
            other.Flush();
        _unflushed.Clear();
    }

    // False: there is nobody to take it, and nothing was taken.
    private bool Redirect(ReadOnlyMemory<byte> bytes, in Decision decision, Valve source, bool more)
    {
        // A socket is touched on its own reactor only; another reactor's is as good as none.
        if (SinkOf(decision.Socket) is not { } other || other.Reactor != psock.Reactor)
            return false;

        return (decision.Flags & RedirectFlags.Ingress) != 0
            ? other.TryPutIn(bytes.Span, source)
            : PutOut(other, bytes.Span, source, more);
    }

    private static IRedirectSink? SinkOf(IRedirectSocket? socket) => socket switch
    {
        StreamSocket stream => stream.Sender as Psock,
        ClusterSocket cluster => cluster.Current,
        _ => socket as IRedirectSink,
    };

    private void Pass(ReadOnlyMemory<byte> bytes, Valve source, bool more)
    {
        if (!TryPass(bytes, source, more))
            psock.Lose(bytes.Length);
    }

    private bool TryPass(ReadOnlyMemory<byte> bytes, Valve source, bool more)
    {
        if (direction == MessageDirection.Egress)
            return PutOut(psock, bytes.Span, source, more);
        if (psock.Forward is not { } other)
            return psock.TryPutIn(bytes.Span, source);

        bool taken = other.TrySend(bytes, source, more);
        Remember(other);
        return taken;
    }

    private bool PutOut(IRedirectSink other, ReadOnlySpan<byte> bytes, Valve source, bool more)
    {
        bool taken = other.TryPutOut(bytes, source, more);
        Remember(other);
        return taken;
    }

    private void Remember(IRedirectSink other)
    {
        if (other.HasUnsent && !_unflushed.Contains(other))
            _unflushed.Add(other);
    }
}
