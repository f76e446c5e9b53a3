using SharpFuzz.Common;

namespace Sluice.Fuzz;

/// <summary>
/// Which branches the instrumented code has taken, as AFL counts them: a byte for each pair of places, their hash its index,
/// and the counts 1, 2, 3, 4-7, 8-15, 16-31, 32-127 and more told apart. One for the process, as the counters are.
/// </summary>
internal static unsafe class Coverage
{
    private const int Size = 1 << 16;

    private static readonly byte[] Counts = GC.AllocateArray<byte>(Size, pinned: true);
    private static readonly byte[] Seen = new byte[Size];

    static Coverage()
    {
        fixed (byte* counts = Counts)
            Trace.SharedMem = counts;
    }

    /// <summary>How many pairs of places have been seen.</summary>
    public static int Count => Size - Seen.AsSpan().Count((byte)0);

    /// <summary>Starts to count from 0.</summary>
    public static void Begin()
    {
        Counts.AsSpan().Clear();
        Trace.PrevLocation = 0;
    }

    /// <summary>Whether anything was taken since, or taken as often, that never was before.</summary>
    public static bool End()
    {
        bool isNew = false;
        ReadOnlySpan<byte> rest = Counts;
        for (int at = 0, step; (step = rest.IndexOfAnyExcept((byte)0)) >= 0; rest = Counts.AsSpan(at))
        {
            at += step;
            byte bucket = Bucket(Counts[at]);
            isNew |= (Seen[at] & bucket) == 0;
            Seen[at] |= bucket;
            at++;
        }

        return isNew;
    }

    private static byte Bucket(byte count) => count switch
    {
        1 => 1,
        2 => 2,
        3 => 4,
        < 8 => 8,
        < 16 => 16,
        < 32 => 32,
        < 128 => 64,
        _ => 128,
    };
}
