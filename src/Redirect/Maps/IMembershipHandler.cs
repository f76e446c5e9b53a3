namespace Sluice.Redirect.Maps;

/// <summary>Whoever runs a socket's inherited programs: its psock.</summary>
internal interface IMembershipHandler
{
    /// <summary>
    /// <see cref="SocketMemberships.Programs"/> and <see cref="SocketMemberships.Any"/> may have changed. Under the rules of
    /// <see cref="IMapSocket.OnMembershipsChanged"/>: on any thread, and without saying what changed.
    /// </summary>
    void OnMembershipsChanged();
}
