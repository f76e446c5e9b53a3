using Sluice.Load.Proxies;

namespace Sluice.Load.Runs;

/// <summary>A proxy and its process, which the direct connection has none of.</summary>
internal sealed record RunningProxy(IProxy Proxy, ChildProcess? Process) : IDisposable
{
    public IReadOnlyList<int> Pids => Process?.Pids ?? [];

    public static RunningProxy Start(IProxy proxy)
    {
        ChildProcess? process = proxy.Start();
        if (process is not null)
            Readiness.WaitForEcho(proxy, process);
        return new RunningProxy(proxy, process);
    }

    public void Dispose() => Process?.Dispose();
}
