using Sluice.Redirect.Bpf;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Splicing.Kernel;

/// <summary>
/// The sockmaps of connections that are judged alike, on one reactor: the clients' sockets and the upstreams', each with the
/// program for what arrives there, which redirects to the other map's. Sockets leave them as they are closed.
/// </summary>
internal sealed class SpliceSockets : IDisposable
{
    private const ulong NoExist = 1;
    private const uint SkSkbStreamVerdict = 5;

    private readonly BpfMap _clients;
    private readonly BpfMap _upstreams;
    private PairOffer? _offer;

    private SpliceSockets(BpfMap clients, BpfMap upstreams) => (_clients, _upstreams) = (clients, upstreams);

    /// <summary>Makes the maps and attaches the programs. An errno, with the verifier's log where it refused one.</summary>
    internal static Errno TryCreate(KernelEngine engine, SpliceTable table, BpfMap events, SplicePlans plans, out SpliceSockets? sockets, out string log)
    {
        (sockets, log) = (null, "");
        Errno errno = BpfMap.Create(BpfMapType.SockMap, "sluice_clients", sizeof(uint), sizeof(ulong), table.Entries, 0, out BpfMap? clients);
        if (errno != Errno.None)
            return errno;

        errno = BpfMap.Create(BpfMapType.SockMap, "sluice_upstream", sizeof(uint), sizeof(ulong), table.Entries, 0, out BpfMap? upstreams);
        if (errno != Errno.None)
        {
            clients!.Dispose();
            return errno;
        }

        var made = new SpliceSockets(clients!, upstreams!);
        errno = Attach(engine, table, events, plans.FromClient, clients!, upstreams!, out log);
        if (errno == Errno.None)
            errno = Attach(engine, table, events, plans.FromUpstream, upstreams!, clients!, out log);
        if (errno == Errno.None)
            sockets = made;
        else
            made.Dispose();
        return errno;
    }

    /// <summary>What offers connections to these maps, for all of them until one is known to be more than short.</summary>
    internal PairOffer OfferBy(ReactorOffload reactor) => _offer ??= new PairOffer(reactor, this);

    /// <summary>From now on the program sees what arrives at a client's socket, until it is closed.</summary>
    internal Errno InsertClient(int index, int fd) => _clients.Update((uint)index, (ulong)fd, NoExist);

    /// <summary>Likewise for an upstream's.</summary>
    internal Errno InsertUpstream(int index, int fd) => _upstreams.Update((uint)index, (ulong)fd, NoExist);

    /// <summary>No socket is in. Asks for each entry.</summary>
    internal bool IsEmpty() => IsEmpty(_clients) && IsEmpty(_upstreams);

    public void Dispose()
    {
        _clients.Dispose();
        _upstreams.Dispose();
    }

    private static Errno Attach(
        KernelEngine engine, SpliceTable table, BpfMap events, PlanInKernel? plan, BpfMap sources, BpfMap others, out string log)
    {
        ProgramImage image = SpliceProgram.Assemble(engine.Fields, plan?.Plan);
        ulong[] instructions = image.Resolve(name => FdOf(name, table, events, plan, others));
        Errno errno = BpfProgram.Load(BpfProgramType.SkSkb, "sluice_splice", instructions, 0, out BpfProgram? program, out log);
        if (errno != Errno.None)
            return errno;

        using (program)
            return sources.Attach(program!, SkSkbStreamVerdict);
    }

    private static int FdOf(string name, SpliceTable table, BpfMap events, PlanInKernel? plan, BpfMap others) =>
        name == SpliceMapNames.Slots.Name ? table.Slots.Fd
        : name == SpliceMapNames.Records.Name ? table.RecordMap.Fd
        : name == SpliceMapNames.Sockets.Name ? others.Fd
        : name == SpliceMapNames.Events.Name ? events.Fd
        : plan!.FdOf(name);

    private static bool IsEmpty(BpfMap map)
    {
        for (uint index = 0; index < map.MaxEntries; index++)
        {
            if (map.Lookup(index, out ulong _) != Errno.ENOENT)
                return false;
        }

        return true;
    }
}
