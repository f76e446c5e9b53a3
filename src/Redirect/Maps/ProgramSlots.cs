namespace Sluice.Redirect.Maps;

/// <summary>
/// A map's four program slots and the links that hold them. The order of the checks is the kernel's, since it decides which
/// errno a caller sees.
/// </summary>
internal sealed class ProgramSlots
{
    private readonly Lock _gate = new();
    private readonly Dictionary<AttachType, MapLink> _links = [];
    private AttachedPrograms _programs = AttachedPrograms.None;
    private bool _released;

    /// <summary>What a socket inherits that is inserted now. Readable from any thread.</summary>
    internal AttachedPrograms Programs => Volatile.Read(ref _programs);

    /// <summary>Puts a program into a slot, in place of the one that may be there; held by <paramref name="link"/> if given.</summary>
    internal Errno Attach(AttachType slot, object program, MapLink? link = null)
    {
        lock (_gate)
        {
            if (CheckFree(slot) is not Errno.None and var errno)
                return errno;

            if (link is not null)
                _links.Add(slot, link);
            Set(slot, program);
            return Errno.None;
        }
    }

    /// <summary>Empties a slot that has this program: ENOENT when it has another or none, EBUSY when a link holds it.</summary>
    internal Errno Detach(AttachType slot, object program)
    {
        lock (_gate)
        {
            if (CheckFree(slot) is not Errno.None and var errno)
                return errno;
            if (!ReferenceEquals(Programs[slot], program))
                return Errno.ENOENT;

            Set(slot, null);
            return Errno.None;
        }
    }

    /// <summary>Puts another program into a slot that a link holds.</summary>
    internal Errno Replace(MapLink link, object program)
    {
        lock (_gate)
        {
            if (_links.GetValueOrDefault(link.Slot) != link)
                return Errno.ENOLINK;

            Set(link.Slot, program);
            return Errno.None;
        }
    }

    /// <summary>Empties a slot that a link holds. A link that holds none any more changes nothing.</summary>
    internal void Release(MapLink link)
    {
        lock (_gate)
        {
            if (_links.GetValueOrDefault(link.Slot) == link)
            {
                _links.Remove(link.Slot);
                Set(link.Slot, null);
            }
        }
    }

    /// <summary>The map has gone: its programs and links as well.</summary>
    internal void ReleaseAll()
    {
        lock (_gate)
        {
            _released = true;
            _links.Clear();
            Volatile.Write(ref _programs, AttachedPrograms.None);
        }
    }

    private Errno CheckFree(AttachType slot) => slot switch
    {
        _ when _released => Errno.EBADF,
        AttachType.SkSkbStreamVerdict when Programs.SkbVerdict is not null => Errno.EBUSY,
        AttachType.SkSkbVerdict when Programs.StreamVerdict is not null => Errno.EBUSY,
        _ => _links.ContainsKey(slot) ? Errno.EBUSY : Errno.None,
    };

    private void Set(AttachType slot, object? program) => Volatile.Write(ref _programs, Programs.With(slot, program));
}
