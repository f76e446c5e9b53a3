using System.Collections.Concurrent;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Compilation.Kernel;

namespace Sluice.Redirect.Splicing.Kernel;

/// <summary>The verdict programs of listeners as one path of the kernel runs them, each made when it is first asked for. Safe from any thread.</summary>
/// <param name="compile">Compiles for that path.</param>
internal sealed class KernelPlans(Func<VerdictPlan, Direction, BpfCompilation> compile) : IDisposable
{
    private readonly ConcurrentDictionary<(SpliceMaps Maps, Direction Side), Lazy<PlanInKernel?>> _plans = new();

    /// <summary>As <see cref="PlanInKernel.CountOf"/>; 0 for a program that does not run there.</summary>
    internal long CountOf(SpliceMaps maps, Direction side, int rule) => MadeFor(maps, side)?.CountOf(rule) ?? 0;

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

    /// <summary>What judges both sides of connections in these maps; false: a program does, and it does not run in the kernel.</summary>
    internal bool TryFind(SpliceMaps? maps, out SplicePlans plans)
    {
        plans = default;
        if (maps is null)
            return true;
        if (!TryFind(maps, Direction.FromClient, out PlanInKernel? fromClient) || !TryFind(maps, Direction.FromUpstream, out PlanInKernel? fromUpstream))
            return false;

        plans = new SplicePlans(fromClient, fromUpstream);
        return true;
    }

    public void Dispose()
    {
        foreach (Lazy<PlanInKernel?> made in _plans.Values)
            made.Value?.Dispose();
        _plans.Clear();
    }

    private bool TryFind(SpliceMaps maps, Direction side, out PlanInKernel? plan)
    {
        plan = null;
        if (ProgramOf(maps, side) is not { } program)
            return true;

        plan = _plans.GetOrAdd((maps, side), key => new Lazy<PlanInKernel?>(() => Make(program, key.Side))).Value;
        return plan is not null;
    }

    private PlanInKernel? MadeFor(SpliceMaps maps, Direction side) =>
        _plans.TryGetValue((maps, side), out Lazy<PlanInKernel?>? made) && made.IsValueCreated ? made.Value : null;

    private static StreamProgram? ProgramOf(SpliceMaps maps, Direction side) => side == Direction.FromClient ? maps.FromClient : maps.FromUpstream;

    private PlanInKernel? Make(StreamProgram program, Direction side)
    {
        // The plan knows of the framing that its rules name, and the parser is to be none but that.
        if (program is not { Parser: null or FramingParser, Verdict: ManagedBackend backend }
            || program.Parser is null != backend.Plan.Rules.Framing is null
            || compile(backend.Plan, side).Plan is not { } plan)
            return null;

        _ = PlanInKernel.TryCreate(plan, out PlanInKernel? made);
        return made;
    }
}
