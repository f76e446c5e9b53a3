using Sluice.Redirect.Linux;
using Sluice.Redirect.Maps;
using Sluice.Redirect.Maps.Kernel;

namespace Sluice.Redirect.Splicing.Kernel;

/// <summary>
/// The sockmaps of connections that are judged alike, on one reactor: the clients' sockets and the upstreams', each with the
/// program for what arrives there, which redirects to the other map's. Sockets leave them as they are closed.
/// </summary>
internal sealed class SpliceSockets : IDisposable
{
    private readonly KernelSockMap _clients;
    private readonly KernelSockMap _upstreams;
    private PairOffer? _offer;

    private SpliceSockets(KernelSockMap clients, KernelSockMap upstreams) => (_clients, _upstreams) = (clients, upstreams);

    /// <summary>
    /// Makes the maps and attaches the programs. An errno, and where the verifier refused a program what it had to say, in our own
    /// listing: streams go on without the kernel then.
    /// </summary>
    internal static Errno TryCreate(KernelEngine engine, SpliceTable table, BpfMap events, SplicePlans plans, out SpliceSockets? sockets, out string refusal)
    {
        (sockets, refusal) = (null, "");
        var attributes = new MapAttributes(sizeof(uint), table.Entries);
        Errno errno = KernelSockMap.Create("sluice_clients", attributes, out KernelSockMap? clients);
        if (errno != Errno.None)
            return errno;

        errno = KernelSockMap.Create("sluice_upstream", attributes, out KernelSockMap? upstreams);
        if (errno != Errno.None)
        {
            clients!.Dispose();
            return errno;
        }

        var made = new SpliceSockets(clients!, upstreams!);
        try
        {
            errno = Attach(engine, table, events, plans.FromClient, clients!, upstreams!);
            if (errno == Errno.None)
                errno = Attach(engine, table, events, plans.FromUpstream, upstreams!, clients!);
        }
        catch (VerifierException refused)
        {
            (errno, refusal) = (refused.Errno, refused.Message);
        }

        if (errno == Errno.None)
            sockets = made;
        else
            made.Dispose();
        return errno;
    }

    /// <summary>What offers connections to these maps, for all of them until one is known to be more than short.</summary>
    internal PairOffer OfferBy(ReactorOffload reactor) => _offer ??= new PairOffer(reactor, this);

    /// <summary>From now on the program sees what arrives at a client's socket, until it is closed.</summary>
    internal Errno InsertClient(int index, int fd) => _clients.Update((uint)index, (ulong)fd, MapUpdateFlags.NoExist);

    /// <summary>Likewise for an upstream's.</summary>
    internal Errno InsertUpstream(int index, int fd) => _upstreams.Update((uint)index, (ulong)fd, MapUpdateFlags.NoExist);

    /// <summary>No socket is in. Asks for each entry.</summary>
    internal bool IsEmpty() => IsEmpty(_clients) && IsEmpty(_upstreams);

    public void Dispose()
    {
        _clients.Dispose();
        _upstreams.Dispose();
    }

    private static Errno Attach(
        KernelEngine engine, SpliceTable table, BpfMap events, PlanInKernel? plan, KernelSockMap sources, KernelSockMap others)
    {
        Dictionary<string, BpfMap> maps = new(plan is null ? [] : plan.Maps)
        {
            [SpliceMapNames.Slots.Name] = table.Slots,
            [SpliceMapNames.Records.Name] = table.RecordMap,
            [SpliceMapNames.Sockets.Name] = others.Map,
            [SpliceMapNames.Events.Name] = events,
        };
        Errno errno = KernelProgram.Load(
            SpliceProgram.Assemble(engine.Fields, plan?.Plan), AttachType.SkSkbStreamVerdict, "sluice_splice", maps, out KernelProgram? program);
        using (program)
            return errno == Errno.None ? sources.Attach(AttachType.SkSkbStreamVerdict, program!) : errno;
    }

    private static bool IsEmpty(KernelSockMap map)
    {
        for (uint index = 0; index < map.MaxEntries; index++)
        {
            if (map.Lookup(index, out _) != Errno.ENOENT)
                return false;
        }

        return true;
    }
}
