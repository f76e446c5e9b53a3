using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Maps;

/// <summary>A socket as the maps take it. A map knows a socket by reference: one socket, one object.</summary>
public interface IMapSocket : IRedirectSocket
{
    /// <summary>False once it has been closed. Readable from any thread.</summary>
    bool IsOpen { get; }

    /// <summary>False for what a redirect cannot reach: the maps hold it, and the redirect helpers return SK_DROP.</summary>
    bool AllowsRedirect { get; }

    /// <summary>
    /// The number of its descriptor, or -1 where it has none or has closed. It is there for the kernel's maps, which know a
    /// socket by nothing else; who reads or writes the socket by it breaks its reactor's hold on it.
    /// </summary>
    internal int Descriptor => -1;

    /// <summary>Its entries in all managed maps and the programs they brought: a field of the socket.</summary>
    ref SocketMemberships Memberships { get; }

    /// <summary>None, or EOPNOTSUPP while it is in a state in which no map takes it.</summary>
    Errno CheckState();

    /// <summary>
    /// <see cref="Memberships"/> have changed. Called after each change, without a lock, by the thread that made it; where two
    /// threads make changes at once the calls may overlap, so it tells that something changed and not what: read it.
    /// </summary>
    void OnMembershipsChanged();
}
