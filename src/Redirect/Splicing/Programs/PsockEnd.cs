using Sluice.Redirect.Splicing.Pairs;

namespace Sluice.Redirect.Splicing.Programs;

/// <summary>Why a psock ended before its time.</summary>
/// <param name="Reason">The end reason of the connection it belongs to.</param>
/// <param name="Errno">What its reader and sender are told.</param>
/// <param name="Evidence">What the program did, for a fault.</param>
/// <param name="IsOfSocket">The socket failed, not the program.</param>
internal sealed record PsockEnd(EndReason Reason, Errno Errno, Exception? Evidence, bool IsOfSocket = false)
{
    internal static PsockEnd OfSocket(Direction side, Errno errno) => new(SocketEnds.ReasonFor(side, errno), errno, null, IsOfSocket: true);

    /// <summary>A program reset the connection.</summary>
    internal static PsockEnd OfRule { get; } = new(EndReason.RuleReset, Errno.ECONNABORTED, null);

    internal static PsockEnd OfProgram(Exception evidence) => new(EndReason.ProgramFault, Errno.ECONNABORTED, evidence);
}
