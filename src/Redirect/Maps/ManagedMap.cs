using Sluice.Redirect.Maps.Descriptors;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Maps;

/// <summary>
/// What the sockmap and the sockhash of the managed engine have in common. Lookups take no lock: entries are reached through
/// references that are written once whole. Writers exclude each other by locks that the derived map has. A failed update
/// changes nothing.
/// </summary>
/// <typeparam name="TKey">The key, in the kernel map's layout.</typeparam>
public abstract class ManagedMap<TKey> : ISockMap<TKey>, IRedirectMap<TKey>, IProgramSlots<IVerdictProgram>, IProgramSlots<IStreamParser>
    where TKey : unmanaged
{
    private readonly ProgramSlots _slots = new();
    private readonly bool _hasCookies;

    private protected ManagedMap(in MapAttributes attributes)
    {
        MaxEntries = attributes.MaxEntries;
        _hasCookies = attributes.ValueSize == sizeof(ulong);
    }

    /// <inheritdoc/>
    public uint MaxEntries { get; }

    /// <summary>What a socket inserted now would inherit. Readable from any thread.</summary>
    public AttachedPrograms Programs => _slots.Programs;

    /// <inheritdoc/>
    public IRedirectSocket? Find(in TKey key) => FindEntry(key)?.Socket is { AllowsRedirect: true } socket ? socket : null;

    /// <inheritdoc/>
    public Errno Update(in TKey key, IMapSocket socket, MapUpdateFlags flags = MapUpdateFlags.Any)
    {
        if (socket.CheckState() is not Errno.None and var refused)
            return refused;
        if (flags > MapUpdateFlags.Exist)
            return Errno.EINVAL;

        _ = FindOpen(key);
        Errno errno = Insert(key, socket, flags, out MapEntry? replaced);
        if (errno == Errno.None)
            socket.OnMembershipsChanged();
        replaced?.Socket.OnMembershipsChanged();
        return errno;
    }

    /// <inheritdoc/>
    public Errno Update(in TKey key, ulong descriptor, MapUpdateFlags flags = MapUpdateFlags.Any) =>
        descriptor > int.MaxValue ? Errno.EINVAL : ForeignSockets.Update(this, key, (int)descriptor, flags);

    /// <inheritdoc/>
    public Errno Lookup(in TKey key, out ulong cookie)
    {
        cookie = 0;
        if (!_hasCookies)
            return Errno.ENOSPC;
        if (FindOpen(key) is not { } entry)
            return Errno.ENOENT;

        // It may have been closed meanwhile.
        cookie = entry.Socket.Cookie;
        return cookie != 0 ? Errno.None : Errno.ENOENT;
    }

    /// <inheritdoc/>
    public Errno Delete(in TKey key)
    {
        _ = FindOpen(key);
        Errno errno = Remove(key, out MapEntry? removed);
        removed?.Socket.OnMembershipsChanged();
        return errno;
    }

    /// <inheritdoc/>
    public abstract Errno GetFirstKey(out TKey key);

    /// <inheritdoc/>
    public abstract Errno GetNextKey(in TKey key, out TKey next);

    /// <inheritdoc/>
    public Errno Attach(AttachType slot, IVerdictProgram program) => IsVerdict(slot) ? _slots.Attach(slot, program) : Errno.EINVAL;

    /// <inheritdoc/>
    public Errno Attach(AttachType slot, IStreamParser program) => IsParser(slot) ? _slots.Attach(slot, program) : Errno.EINVAL;

    /// <inheritdoc/>
    public Errno Detach(AttachType slot, IVerdictProgram program) => IsVerdict(slot) ? _slots.Detach(slot, program) : Errno.EINVAL;

    /// <inheritdoc/>
    public Errno Detach(AttachType slot, IStreamParser program) => IsParser(slot) ? _slots.Detach(slot, program) : Errno.EINVAL;

    /// <inheritdoc/>
    public Errno Link(AttachType slot, IVerdictProgram program, out IMapLink<IVerdictProgram>? link) =>
        LinkProgram(IsVerdict(slot), slot, program, out link);

    /// <inheritdoc/>
    public Errno Link(AttachType slot, IStreamParser program, out IMapLink<IStreamParser>? link) =>
        LinkProgram(IsParser(slot), slot, program, out link);

    /// <summary>Takes every socket out and drops the programs, as when the kernel's map goes. Afterwards updates fail with EBADF.</summary>
    public void Dispose()
    {
        _slots.ReleaseAll();
        foreach (MapEntry entry in Clear())
            entry.Socket.OnMembershipsChanged();
        GC.SuppressFinalize(this);
    }

    /// <summary>The entry under a key, or null. Takes no lock.</summary>
    private protected abstract MapEntry? FindEntry(in TKey key);

    /// <summary>Puts an entry under a key. What was there before it comes back.</summary>
    private protected abstract Errno Insert(in TKey key, IMapSocket socket, MapUpdateFlags flags, out MapEntry? replaced);

    /// <summary>Takes the entry under a key out.</summary>
    private protected abstract Errno Remove(in TKey key, out MapEntry? removed);

    /// <summary>Takes all entries out, for good.</summary>
    private protected abstract List<MapEntry> Clear();

    /// <summary>
    /// The entry under a key whose socket is open. A reactor's socket leaves its maps as it closes; of a foreign one that is
    /// noticed only when somebody asks, which is here.
    /// </summary>
    private protected MapEntry? FindOpen(in TKey key)
    {
        while (FindEntry(key) is { } entry)
        {
            if (entry.Socket.IsOpen)
                return entry;

            entry.Socket.Memberships.Close(entry.Socket);
            entry.Socket.OnMembershipsChanged();
        }

        return null;
    }

    /// <summary>What the flags of an update say about its key.</summary>
    private protected static Errno CheckFlags(MapUpdateFlags flags, bool taken) => flags switch
    {
        MapUpdateFlags.NoExist when taken => Errno.EEXIST,
        MapUpdateFlags.Exist when !taken => Errno.ENOENT,
        _ => Errno.None,
    };

    private Errno LinkProgram<TProgram>(bool fits, AttachType slot, TProgram program, out IMapLink<TProgram>? link)
        where TProgram : class
    {
        var candidate = new MapLink<TProgram>(_slots, slot, program);
        Errno errno = fits ? _slots.Attach(slot, program, candidate) : Errno.EINVAL;
        link = errno == Errno.None ? candidate : null;
        return errno;
    }

    private static bool IsVerdict(AttachType slot) =>
        slot is AttachType.SkMsgVerdict or AttachType.SkSkbStreamVerdict or AttachType.SkSkbVerdict;

    private static bool IsParser(AttachType slot) => slot == AttachType.SkSkbStreamParser;
}
