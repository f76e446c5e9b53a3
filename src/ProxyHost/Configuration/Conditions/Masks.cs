using System.Numerics;

namespace Sluice.ProxyHost.Configuration.Conditions;

/// <summary>Which numbers a mask leaves possible.</summary>
internal static class Masks
{
    /// <summary>The smallest number of the mask's bits only that is at least <paramref name="from"/>; null when there is none.</summary>
    public static ulong? SmallestFrom(ulong from, ulong mask)
    {
        ulong outside = from & ~mask;
        if (outside == 0) return from;
        // Above the highest bit that cannot be had, the lowest that is free and can be makes the number larger; below it all may be 0.
        int highest = BitOperations.Log2(outside);
        ulong above = highest == 63 ? 0 : ulong.MaxValue << (highest + 1);
        ulong free = mask & ~from & above;
        if (free == 0) return null;
        int lifted = BitOperations.TrailingZeroCount(free);
        return (from & mask & (lifted == 63 ? 0 : ulong.MaxValue << (lifted + 1))) | (1UL << lifted);
    }
}
