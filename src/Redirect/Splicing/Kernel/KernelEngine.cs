using System.Collections.Concurrent;
using Sluice.Redirect.Compilation;
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
    private readonly ConcurrentDictionary<(SpliceMaps Maps, Direction Side), Lazy<PlanInKernel?>> _plans = new();

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
    public long CountOf(SpliceMaps maps, Direction side, int rule) =>
        _plans.TryGetValue((maps, side), out Lazy<PlanInKernel?>? made) && made.IsValueCreated ? made.Value?.CountOf(rule) ?? 0 : 0;

    /// <summary>Gives the maps of plans back.</summary>
    public void Dispose()
    {
        foreach (Lazy<PlanInKernel?> made in _plans.Values)
            made.Value?.Dispose();
        _plans.Clear();
    }

    /// <summary>The plans that were made for these maps; null where there are none, so that others' must be left alone.</summary>
    internal SplicePlans? PlansOf(SpliceMaps maps)
    {
        (PlanInKernel? fromClient, PlanInKernel? fromUpstream) = (MadeFor(maps, Direction.FromClient), MadeFor(maps, Direction.FromUpstream));
        return fromClient is null && fromUpstream is null ? null : new SplicePlans(fromClient, fromUpstream);
    }

    /// <summary>Gives the plans of these maps back, once no reactor has programs of them any more.</summary>
    internal void Forget(SpliceMaps maps)
    {
        foreach (Direction side in Enum.GetValues<Direction>())
        {
            if (_plans.TryRemove((maps, side), out Lazy<PlanInKernel?>? made) && made.IsValueCreated)
                made.Value?.Dispose();
        }
    }

    /// <summary>The plan for the bytes of one side of connections in these maps; null where it does not run in the kernel.</summary>
    internal PlanInKernel? PlanOf(SpliceMaps maps, Direction side) =>
        _plans.GetOrAdd((maps, side), static key => new Lazy<PlanInKernel?>(() => Make(key.Maps, key.Side))).Value;

    private PlanInKernel? MadeFor(SpliceMaps maps, Direction side) =>
        _plans.TryGetValue((maps, side), out Lazy<PlanInKernel?>? made) && made.IsValueCreated ? made.Value : null;

    private static PlanInKernel? Make(SpliceMaps maps, Direction side)
    {
        StreamProgram? program = side == Direction.FromClient ? maps.FromClient : maps.FromUpstream;
        // The plan knows of the framing that its rules name, and the parser is to be none but that.
        if (program is not { Parser: null or FramingParser, Verdict: ManagedBackend backend }
            || program.Parser is null != backend.Plan.Rules.Framing is null
            || BpfBackend.Compile(backend.Plan, BpfProgramKind.SkSkb, side).Plan is not { } plan)
            return null;

        _ = PlanInKernel.TryCreate(plan, out PlanInKernel? made);
        return made;
    }
}
