using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Splicing.Programs;

// What a psock tells and is told when the kernel carries its socket's bytes for a while.
internal sealed partial class Psock
{
    /// <summary>All that had arrived has been received and judged.</summary>
    internal void Drained() => _owner?.Drained(this);

    /// <summary>True when it holds no byte that arrived, its program is between two messages, and what last stood is known to every engine.</summary>
    internal bool IsAtRest(out StandingVerdict standing)
    {
        standing = default;
        return IsOpen && !_closing && !_arrivals.HaveEnded && !_arrivals.AreStopped && _arriving.IsAtRest(out standing)
            && Forward is { HasUnsent: false, _programs.MsgParser: null };
    }

    /// <summary>True when a parser frames what arrives, none of it waits for the rest of its message, and nothing waits to be sent or received.</summary>
    internal bool IsBetweenMessages =>
        IsOpen && !_closing && !_arrivals.HaveEnded && !HasUnsent && _arriving.IsBetweenMessages && _socket.InQueue == 0;

    /// <summary>Another engine has judged bytes, and this one goes on from here.</summary>
    internal void Continue(in StandingVerdict standing) => _arriving.Continue(standing);
}
