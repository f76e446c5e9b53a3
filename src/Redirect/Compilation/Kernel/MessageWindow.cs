namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>
/// Which bytes of a message lie on the stack, and where. They are copied there because a helper that copies changes nothing
/// about the skb, while one that makes bytes readable in place moves them. A byte's place has the same distance from a
/// multiple of eight as its offset in the message: the verifier lets nobody read the stack unaligned.
/// </summary>
internal sealed class MessageWindow
{
    internal const int BlockSize = 8;

    private readonly SortedSet<int> _blocks = [];

    /// <summary>Makes room for bytes; false when there is none, and then nothing has changed.</summary>
    internal bool TryReserve(int offset, int count)
    {
        int first = offset / BlockSize;
        long last = ((long)offset + count - 1) / BlockSize;
        if (last - first >= VerdictFrame.MostBlocks)
            return false;

        int[] added = [.. Enumerable.Range(first, (int)last - first + 1).Where(block => !_blocks.Contains(block))];
        if (_blocks.Count + added.Length > VerdictFrame.MostBlocks)
            return false;

        _blocks.UnionWith(added);
        return true;
    }

    /// <summary>The distance from R10 of a block that was reserved.</summary>
    internal int PlaceOf(int block) => VerdictFrame.Bytes + (BlockSize * _blocks.GetViewBetween(0, block).Count) - BlockSize;

    /// <summary>Bytes that lie together in the message, and so on the stack.</summary>
    internal IEnumerable<(int Offset, int Count)> Segments()
    {
        int first = -1;
        int next = -1;
        foreach (int block in _blocks)
        {
            if (block != next && first >= 0)
                yield return (first * BlockSize, (next - first) * BlockSize);
            first = block == next ? first : block;
            next = block + 1;
        }

        if (first >= 0)
            yield return (first * BlockSize, (next - first) * BlockSize);
    }
}
