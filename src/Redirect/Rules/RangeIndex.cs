namespace Sluice.Redirect.Rules;

/// <summary>
/// Finds the range that a number is in, among disjoint ascending ranges, in a time that hardly depends on how many there are.
/// A node divides its ranges by their distance from its first one into about twice as many equal parts as it has ranges, so
/// that most parts hold one or none; a part that holds many, as where addresses cluster, is a node itself. Immutable.
/// </summary>
internal sealed class RangeIndex
{
    // So many are looked at one after another before another node is worth its memory.
    private const int FewRanges = 4;

    private readonly NumberRange[] _ranges;
    private readonly Node[] _nodes;
    private readonly int[] _parts;

    /// <summary>An index of ranges that are disjoint and in ascending order.</summary>
    internal RangeIndex(ReadOnlySpan<NumberRange> ranges)
    {
        _ranges = ranges.ToArray();
        List<Node> nodes = [];
        List<int> parts = [];
        if (_ranges.Length > FewRanges)
            Divide(0, _ranges.Length, nodes, parts);
        (_nodes, _parts) = ([.. nodes], [.. parts]);
    }

    internal ReadOnlySpan<NumberRange> Ranges => _ranges;

    /// <summary>The index of the range that has the number; -1 when none has.</summary>
    internal int Find(ulong number)
    {
        NumberRange[] ranges = _ranges;
        int index = _nodes.Length == 0 ? ranges.Length - 1 : LastCandidate(number);
        while ((uint)index < (uint)ranges.Length && ranges[index].First > number)
            index--;

        return (uint)index < (uint)ranges.Length && number <= ranges[index].Last ? index : -1;
    }

    // No range behind this one begins at the number or before it, and at most a few of those before this one begin behind it.
    private int LastCandidate(ulong number)
    {
        int at = 0;
        while (true)
        {
            ref readonly Node node = ref _nodes[at];
            if (number < node.Base)
                return node.FirstRange - 1;

            ulong part = (number - node.Base) >> node.Shift;
            if (part >= (ulong)node.Parts)
                return node.LastRange;

            int entry = _parts[node.FirstPart + (int)part];
            if (entry >= -1)
                return entry;

            at = -2 - entry;
        }
    }

    // A part's entry is the last range that begins in it or before it, or -2 less the node that divides it further. Every
    // node puts its first and its last range into different parts, so each division leaves fewer.
    private int Divide(int from, int to, List<Node> nodes, List<int> parts)
    {
        ulong start = _ranges[from].First;
        ulong span = _ranges[to - 1].First - start;
        int bits = System.Numerics.BitOperations.Log2((uint)(to - from)) + 2;
        int shift = Math.Max(0, System.Numerics.BitOperations.Log2(span) + 1 - bits);
        int count = (int)(span >> shift) + 1;

        int self = nodes.Count;
        int firstPart = parts.Count;
        nodes.Add(new Node(start, shift, count, firstPart, from, to - 1));
        parts.AddRange(Enumerable.Repeat(0, count));

        int next = from;
        for (int part = 0; part < count; part++)
        {
            int first = next;
            while (next < to && (_ranges[next].First - start) >> shift <= (ulong)part)
                next++;
            parts[firstPart + part] = next - first > FewRanges ? -2 - Divide(first, next, nodes, parts) : next - 1;
        }

        return self;
    }

    private readonly record struct Node(ulong Base, int Shift, int Parts, int FirstPart, int FirstRange, int LastRange);
}
