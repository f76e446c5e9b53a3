namespace Sluice.Oracle.Tampering;

/// <summary>Changes one direction of a connection, once.</summary>
internal sealed class Tampering(Fault fault)
{
    // The number that the two ends find each other by stays, so that it is the comparison that sees the fault.
    private const int Spared = 8;
    private const int Tail = 100;

    private readonly List<byte> _tail = [];
    private long _passed;
    private bool _isDone;

    /// <summary>What is sent for what came.</summary>
    public ReadOnlyMemory<byte> Change(ReadOnlyMemory<byte> bytes)
    {
        bool isTurn = _passed >= Spared && bytes.Length >= 2 && !_isDone;
        _passed += bytes.Length;
        if (fault == Fault.LosesTail)
            return AllButTail(bytes);
        if (!isTurn)
            return bytes;

        byte[] changed = bytes.ToArray();
        int middle = changed.Length / 2;
        _isDone = true;
        switch (fault)
        {
            case Fault.LosesByte:
                return changed.Where((_, at) => at != middle).ToArray();
            case Fault.RepeatsByte:
                return changed.SelectMany((b, at) => Enumerable.Repeat(b, at == middle ? 2 : 1)).ToArray();
            case Fault.SwapsBytes:
                (changed[middle - 1], changed[middle]) = (changed[middle], changed[middle - 1]);
                return changed;
            case Fault.FlipsBit:
                changed[middle] ^= 1;
                return changed;
            default:
                return bytes;
        }
    }

    /// <summary>What is sent before the FIN.</summary>
    public ReadOnlyMemory<byte> End() => fault == Fault.AddsByteAtTheEnd && _passed > Spared ? new byte[1] : default;

    // The last read of a long stream is what it loses; a short one is let through.
    private ReadOnlyMemory<byte> AllButTail(ReadOnlyMemory<byte> bytes)
    {
        if (_passed - bytes.Length < 1000)
            return bytes;
        _tail.AddRange(bytes.Span);
        int count = Math.Max(0, _tail.Count - Tail);
        byte[] sent = [.. _tail.Take(count)];
        _tail.RemoveRange(0, count);
        return sent;
    }
}
