using Sluice.Redirect.Linux;
using Sluice.Redirect.Reactors;

namespace Sluice.Redirect.Splicing.Kernel;

/// <summary>
/// What reactors share that give connections to the kernel's sockmap: the memory budget, the counters, and where this kernel
/// has the fields that the program reads. Each reactor makes its own maps when it first needs them. Safe from any thread.
/// </summary>
public sealed class KernelEngine
{
    private readonly TcpSockFields _fields;

    private KernelEngine(OffloadOptions options, TcpSockFields fields)
    {
        (Options, _fields) = (options, fields);
        Budget = new OffloadBudget(options.Memory);
    }

    /// <summary>As given.</summary>
    public OffloadOptions Options { get; }

    /// <summary>What became of the connections that were offered.</summary>
    public OffloadCounters Counters { get; } = new();

    internal OffloadBudget Budget { get; }

    /// <summary>
    /// Reads the kernel's description of its structures, which takes some milliseconds. ENOENT: this kernel has none; EBADMSG: it is malformed
    /// or lacks a field. Rights are asked for when maps are made, and not here.
    /// </summary>
    public static Errno TryCreate(OffloadOptions options, out KernelEngine? engine)
    {
        engine = null;
        Errno errno = Btf.Read(Btf.KernelPath, out Btf? btf);
        if (errno != Errno.None)
            return errno;

        using (btf)
        {
            errno = TcpSockFields.Find(btf!, out TcpSockFields fields);
            if (errno == Errno.None)
                engine = new KernelEngine(options, fields);
            return errno;
        }
    }

    /// <summary>Another engine for the same kernel, with a budget and counters of its own.</summary>
    internal KernelEngine With(OffloadOptions options) => new(options, _fields);

    /// <summary>Makes a reactor's maps, on its thread. The verifier's log after it refused the program.</summary>
    internal Errno TryCreateOffload(Reactor reactor, out ReactorOffload? offload, out string log)
    {
        offload = null;
        log = "";
        int pairs = Options.PairsPerReactor;
        Errno errno = SpliceRing.TryCreate(reactor, 2 * pairs, out SpliceRing? ring);
        if (errno != Errno.None)
            return errno;

        errno = SpliceTable.TryCreate(pairs, _fields, ring!.Map, out SpliceTable? table, out log);
        if (errno == Errno.None)
        {
            offload = new ReactorOffload(this, reactor, ring, table!);
            errno = ring.Listen(offload.OnEvent);
        }

        if (errno != Errno.None)
        {
            ring.Dispose();
            table?.Dispose();
            offload = null;
        }

        return errno;
    }
}
