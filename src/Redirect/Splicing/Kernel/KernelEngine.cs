using Sluice.Redirect.Compilation.Kernel;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Splicing.Kernel;

/// <summary>
/// What reactors share that give connections to the kernel's sockmap: the memory budget, the counters, the plans of verdict
/// programs, and where this kernel has the fields that the program reads. Each reactor makes its own maps when it first needs
/// them. Safe from any thread.
/// </summary>
public sealed class KernelEngine : IDisposable
{
    private KernelEngine(OffloadOptions options, TcpSockFields fields)
    {
        (Options, Fields) = (options, fields);
        Budget = new OffloadBudget(options.Memory);
    }

    /// <summary>As given.</summary>
    public OffloadOptions Options { get; }

    /// <summary>What became of the connections that were offered.</summary>
    public OffloadCounters Counters { get; } = new();

    internal OffloadBudget Budget { get; }

    internal TcpSockFields Fields { get; }

    /// <summary>
    /// Reads the kernel's description of its structures, which takes some milliseconds. ENOENT: this kernel has none; EBADMSG: it
    /// is malformed or lacks a field. Rights are asked for when maps are made, and not here.
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
    internal KernelEngine With(OffloadOptions options) => new(options, Fields);

    /// <summary>
    /// How often a rule of the program for the bytes of one side decided in the kernel, or matched as a shadow, for connections of
    /// these maps; the number of rules stands for <c>otherwise</c>. 0 for a program that does not run there.
    /// </summary>
    public long CountOf(SpliceMaps maps, Direction side, int rule) => Plans.CountOf(maps, side, rule);

    /// <summary>Gives the maps of plans back.</summary>
    public void Dispose() => Plans.Dispose();

    internal KernelPlans Plans { get; } = new(static (plan, side) => BpfBackend.Compile(plan, BpfProgramKind.SkSkb, side));
}
