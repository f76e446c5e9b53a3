using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Compilation;

/// <summary>Clusters for a replay, all of them reachable: as for a connection, which dials them when they are first asked for.</summary>
internal sealed class ReplaySockets : IRedirectMap<uint>
{
    public IRedirectSocket Find(in uint key) => new ReplaySocket(key);

    private sealed record ReplaySocket(ulong Cookie) : IRedirectSocket;
}
