namespace Sluice.ProxyHost.Model;

/// <summary>
/// Weights laid end to end on a line, so that a point of it names an endpoint with the chance its weight gives. Immutable;
/// looking something up allocates nothing and takes the logarithm of the number of endpoints.
/// </summary>
internal sealed class WeightTable
{
    private readonly long[] _ends;
    private readonly ulong _stride;

    /// <param name="weights">At least one, each at least 1.</param>
    public WeightTable(ReadOnlySpan<int> weights)
    {
        Weights = weights.ToArray();
        AreEqual = true;
        _ends = new long[weights.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            _ends[i] = Total += weights[i];
            AreEqual &= weights[i] == weights[0];
        }

        _stride = Stride((ulong)Total);
    }

    /// <summary>As given.</summary>
    public int[] Weights { get; }

    /// <summary>Whether all are the same.</summary>
    public bool AreEqual { get; }

    /// <summary>The length of the line.</summary>
    public long Total { get; }

    /// <summary>Where the stretch of an endpoint begins.</summary>
    public long StartOf(int index) => _ends[index] - Weights[index];

    /// <summary>Whose stretch a point from 0 to below <see cref="Total"/> is on.</summary>
    public int At(long point)
    {
        if (AreEqual)
            return (int)(point / Weights[0]);
        int index = Array.BinarySearch(_ends, point + 1);
        return index >= 0 ? index : ~index;
    }

    /// <summary>
    /// Whose turn it is. Any <see cref="Total"/> turns in a row give each endpoint exactly its weight, spread evenly: a stride of
    /// a golden section of the line that has no divisor in common with it comes to every point once, and never twice nearby.
    /// </summary>
    public int InTurn(ulong turn) => AreEqual
        ? (int)(turn % (uint)Weights.Length)
        : At((long)(turn % (ulong)Total * _stride % (ulong)Total));

    private static ulong Stride(ulong total)
    {
        ulong stride = Math.Max(1, (ulong)(total * 0.6180339887498949));
        while (Divisor(stride, total) != 1)
            stride++;
        return stride;
    }

    private static ulong Divisor(ulong a, ulong b)
    {
        while (b != 0)
            (a, b) = (b, a % b);
        return a;
    }
}
