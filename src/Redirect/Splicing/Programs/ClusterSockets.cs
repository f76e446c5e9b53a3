using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Splicing.Programs;

/// <summary>
/// One connection's sockets to further clusters, by the cluster's index. Finding one that is not there begins to dial it, so
/// that a rule's redirect never fails for want of a connection.
/// </summary>
internal sealed class ClusterSockets(ProgramSplice splice, IClusterDialer? dialer) : IRedirectMap<uint>
{
    // A connection seldom has more than one or two.
    private readonly List<ClusterSocket> _sockets = [];

    internal bool IsEmpty => _sockets.Count == 0;

    internal bool HaveUnsent => _sockets.Exists(static socket => socket.HasUnsent);

    public IRedirectSocket? Find(in uint key) => To(key);

    /// <summary>The usable one, which is dialled when there is none; null without a dialer.</summary>
    internal ClusterSocket? To(uint key)
    {
        foreach (ClusterSocket present in _sockets)
        {
            if (present.Cluster == key && present.IsUsable)
                return present;
        }

        if (dialer is null)
            return null;

        var socket = new ClusterSocket(splice, dialer, key);
        _sockets.Add(socket);
        // Dialling may complete at once, and must not meet the judgement that asked for it.
        socket.Reactor.Schedule(socket);
        return socket;
    }

    internal ClusterSocket? Of(Psock psock) => _sockets.Find(socket => socket.Psock == psock);

    internal bool Remove(ClusterSocket socket) => _sockets.Remove(socket);

    internal void ForEachPsock(Action<Psock> action)
    {
        // One that is closed leaves the list meanwhile.
        for (int i = _sockets.Count - 1; i >= 0; i--)
        {
            if (_sockets[i].Psock is { IsOpen: true } psock)
                action(psock);
        }
    }

    internal void Stop()
    {
        foreach (ClusterSocket socket in _sockets)
            socket.Stop();
        _sockets.Clear();
    }
}
