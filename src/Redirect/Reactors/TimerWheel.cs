using System.Numerics;

namespace Sluice.Redirect.Reactors;

/// <summary>
/// A hierarchical timing wheel (Varghese and Lauck, 1987): six levels of 64 slots, one millisecond at the bottom. A timer
/// waits on the lowest level whose span reaches its due time and moves down as that time comes near, so it fires in
/// its own millisecond, however far away it was set. Not thread-safe: it belongs to its reactor.
/// </summary>
internal sealed class TimerWheel(long now)
{
    private const int SlotBits = 6;
    private const int Slots = 1 << SlotBits;
    private const int Levels = 6;
    private const long Span = 1L << (SlotBits * Levels);

    private readonly ReactorTimer?[] _buckets = new ReactorTimer?[Levels * Slots];
    private readonly ulong[] _occupied = new ulong[Levels];
    private long _now = now;

    /// <summary>How many timers are set.</summary>
    internal int Count { get; private set; }

    /// <summary>Sets or moves a timer. A time that has passed fires at the next millisecond; one year is the furthest.</summary>
    internal void Set(ReactorTimer timer, long due)
    {
        Cancel(timer);
        timer.Due = Math.Clamp(due, _now + 1, _now + (Span / 2));
        Insert(timer);
        Count++;
    }

    /// <summary>Takes a timer out; one that is not set stays as it is.</summary>
    internal void Cancel(ReactorTimer timer)
    {
        if (!timer.IsSet)
            return;

        Unlink(timer);
        Count--;
    }

    /// <summary>Fires everything due up to and including <paramref name="now"/>, in the order of the due times.</summary>
    internal void AdvanceTo(long now)
    {
        Fire(Level0Bucket(_now)); // what a handler that threw left behind
        while (NextEvent() is { } next && next <= now)
        {
            _now = next;
            Descend();
            Fire(Level0Bucket(_now));
        }

        _now = Math.Max(_now, now);
    }

    /// <summary>
    /// The earliest moment at which something happens here (a timer fires, or moves down a level), or null when nothing is set.
    /// </summary>
    internal long? NextEvent()
    {
        for (int level = 0; level < Levels; level++)
        {
            if (_occupied[level] == 0)
                continue;

            // The slot of the present is empty on every level: its timers have fired or moved down.
            int shift = SlotBits * level;
            int current = (int)(_now >> shift) & (Slots - 1);
            int distance = BitOperations.TrailingZeroCount(BitOperations.RotateRight(_occupied[level], current + 1)) + 1;
            return ((_now >> shift) + distance) << shift;
        }

        return null;
    }

    private static int Level0Bucket(long time) => (int)time & (Slots - 1);

    // Entering a slot of an upper level spreads its timers over the level below.
    private void Descend()
    {
        for (int level = Levels - 1; level > 0; level--)
        {
            int shift = SlotBits * level;
            if ((_now & ((1L << shift) - 1)) != 0)
                continue;

            int bucket = (level * Slots) + ((int)(_now >> shift) & (Slots - 1));
            while (_buckets[bucket] is { } timer)
            {
                Unlink(timer);
                Insert(timer);
            }
        }
    }

    private void Fire(int bucket)
    {
        while (_buckets[bucket] is { } timer)
        {
            Cancel(timer);
            timer.OnTimer();
        }
    }

    private void Insert(ReactorTimer timer)
    {
        // The level on which due time and present first differ: above it they share every slot.
        int level = timer.Due == _now ? 0 : Math.Min(Levels - 1, BitOperations.Log2((ulong)(timer.Due ^ _now)) / SlotBits);
        int slot = (int)(timer.Due >> (SlotBits * level)) & (Slots - 1);
        int bucket = (level * Slots) + slot;

        timer.Bucket = bucket;
        timer.Previous = null;
        timer.Next = _buckets[bucket];
        if (timer.Next is not null)
            timer.Next.Previous = timer;
        _buckets[bucket] = timer;
        _occupied[level] |= 1UL << slot;
    }

    private void Unlink(ReactorTimer timer)
    {
        if (timer.Previous is null)
            _buckets[timer.Bucket] = timer.Next;
        else
            timer.Previous.Next = timer.Next;
        if (timer.Next is not null)
            timer.Next.Previous = timer.Previous;
        if (_buckets[timer.Bucket] is null)
            _occupied[timer.Bucket / Slots] &= ~(1UL << (timer.Bucket % Slots));

        (timer.Bucket, timer.Previous, timer.Next) = (-1, null, null);
    }
}
