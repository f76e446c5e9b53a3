using Sluice.Redirect;

namespace Sluice.ProxyHost.Model.Live;

/// <summary>How many connections ended for each reason, the refused ones included. Safe from any thread.</summary>
internal sealed class EndCounts
{
    private readonly long[] _counts = new long[(int)Enum.GetValues<EndReason>().Max() + 1];

    /// <summary>One more.</summary>
    public void Add(EndReason reason) => Interlocked.Increment(ref _counts[(int)reason]);

    /// <summary>So far; never decreases.</summary>
    public long Read(EndReason reason) => Interlocked.Read(ref _counts[(int)reason]);
}
