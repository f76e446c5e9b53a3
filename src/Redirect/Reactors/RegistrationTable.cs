namespace Sluice.Redirect.Reactors;

/// <summary>
/// Slots for what one reactor watches. A key is the slot in the lower and its generation in the upper 32 bits; freeing a
/// slot raises the generation. It grows by blocks of a fixed size and never shrinks: an array that doubles would leave half
/// of itself empty, and its predecessors as garbage. Not thread-safe: it belongs to its reactor.
/// </summary>
internal sealed class RegistrationTable
{
    private const int BlockBits = 9;
    private const int BlockSize = 1 << BlockBits;

    private Entry[][] _blocks = [new Entry[BlockSize]];
    private int _used;
    private int _firstFree = -1;

    /// <summary>How many slots are taken.</summary>
    internal int Count { get; private set; }

    /// <summary>Takes a slot and returns its key.</summary>
    internal ulong Add(EpollRegistration registration)
    {
        int slot = _firstFree;
        if (slot >= 0)
        {
            _firstFree = EntryOf(slot).NextFree;
        }
        else
        {
            if (_used == _blocks.Length * BlockSize)
                _blocks = [.. _blocks, new Entry[BlockSize]];
            slot = _used++;
        }

        ref Entry entry = ref EntryOf(slot);
        entry.Registration = registration;
        registration.Slot = slot;
        Count++;
        return ((ulong)entry.Generation << 32) | (uint)slot;
    }

    /// <summary>Frees the slot; keys given out for it find nothing from now on.</summary>
    internal void Remove(EpollRegistration registration)
    {
        ref Entry entry = ref EntryOf(registration.Slot);
        entry.Registration = null;
        entry.Generation++;
        entry.NextFree = _firstFree;
        _firstFree = registration.Slot;
        registration.Slot = -1;
        Count--;
    }

    /// <summary>The key it was added under.</summary>
    internal ulong KeyOf(EpollRegistration registration) => ((ulong)EntryOf(registration.Slot).Generation << 32) | (uint)registration.Slot;

    /// <summary>What has the key, or null once it was freed.</summary>
    internal EpollRegistration? Find(ulong key)
    {
        ref Entry entry = ref EntryOf((int)(uint)key);
        return entry.Generation == (uint)(key >> 32) ? entry.Registration : null;
    }

    /// <summary>All that are registered now.</summary>
    internal EpollRegistration[] ToArray() => [.. _blocks.SelectMany(block => block).Where(e => e.Registration is not null).Select(e => e.Registration!)];

    private ref Entry EntryOf(int slot) => ref _blocks[slot >> BlockBits][slot & (BlockSize - 1)];

    private struct Entry
    {
        internal EpollRegistration? Registration;
        internal uint Generation;
        internal int NextFree;
    }
}
