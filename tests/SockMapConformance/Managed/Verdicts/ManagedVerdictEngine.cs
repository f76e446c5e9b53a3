using Sluice.Redirect.Splicing.Programs;
using Sluice.Redirect.Tests.Splicing.Programs;

namespace Sluice.SockMapConformance.Behaviour;

/// <summary>The library's psocks on a reactor. Tests run on the reactor's thread, where every await resumes.</summary>
internal sealed class ManagedVerdictEngine : IVerdictEngine
{
    public EngineTraits Traits { get; } = new(
        FlushesAtEnd: true, DropIsSticky: false, KeepsFailedRedirects: true, SeesEachMessage: true, InsertsZeros: true, KeepsRestOfCork: true);

    public async Task RunAsync(Func<ITestbed, Task> test, int queueBytes = 0)
    {
        var options = new PsockOptions();
        if (queueBytes > 0)
            options = options with { QueueBytes = queueBytes };

        using var maps = new ManagedMaps();
        await Topology.RunAsync(topology => test(new ManagedTestbed(topology, maps)), options);
        maps.AssertEmpty();
    }
}
