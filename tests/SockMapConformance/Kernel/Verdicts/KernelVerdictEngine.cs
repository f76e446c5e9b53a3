using Sluice.SockMapConformance.Engine;

namespace Sluice.SockMapConformance.Behaviour;

/// <summary>The kernel's own psocks: programs that the assembler makes of their descriptions, on real sockets.</summary>
internal sealed class KernelVerdictEngine : IVerdictEngine
{
    public EngineTraits Traits { get; } = new(
        FlushesAtEnd: false, DropIsSticky: true, KeepsFailedRedirects: false, SeesEachMessage: false, InsertsZeros: false, KeepsRestOfCork: false);

    public async Task RunAsync(Func<ITestbed, Task> test, int queueBytes = 0)
    {
        EngineUnderTest.Require();
        using var testbed = new KernelTestbed(queueBytes);
        await Task.Run(() => test(testbed)).WaitAsync(KernelSocket.Patience, TestContext.Current.CancellationToken);
        testbed.Close();
    }
}
