using Sluice.Redirect.Reactors;

namespace Sluice.Redirect.Splicing.Managed;

/// <summary>
/// Tells a stream from a conversation by the size of what arrives at once. splice(2) saves two copies of each byte and
/// costs more system calls for each arrival: it pays for large ones only (docs/decisions/0003).
/// </summary>
internal struct StreamGauge
{
    // A stream fills the read buffer time after time; a single large message does not last that long.
    private const int FullReadsToSplice = 16;
    private const int SmallMove = 32 * 1024;
    private const int SmallMovesToCopy = 16;

    private int _fullReads;
    private int _smallMoves;

    internal readonly bool PrefersSplice => _fullReads >= FullReadsToSplice;

    internal readonly bool PrefersCopy => _smallMoves >= SmallMovesToCopy;

    internal void Copied(nint count) => _fullReads = count == Reactor.ReadBufferSize ? _fullReads + 1 : 0;

    internal void Spliced(nint count) => _smallMoves = count < SmallMove ? _smallMoves + 1 : 0;
}
