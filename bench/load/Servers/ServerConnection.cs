using Sluice.Load.Kernel;
using Sluice.Load.Traffic;

namespace Sluice.Load.Servers;

/// <summary>One accepted connection; reused for the next one with the same descriptor.</summary>
internal sealed class ServerConnection(TcpSocket socket)
{
    private int _phase;

    public TcpSocket Socket { get; } = socket;

    public bool IsSink { get; private set; }

    public bool Intact { get; private set; }

    public long Swallowed { get; private set; }

    public ReadOnlyMemory<byte> Pending { get; set; }

    public void Reset(bool isSink) => (IsSink, Intact, Swallowed, Pending) = (isSink, true, 0, default);

    public void Swallow(ReadOnlySpan<byte> chunk)
    {
        if (Swallowed == 0)
            _phase = chunk[0];
        Intact &= Pattern.Matches(_phase + Swallowed, chunk);
        Swallowed += chunk.Length;
    }
}
