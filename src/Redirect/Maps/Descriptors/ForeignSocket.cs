using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Maps.Descriptors;

/// <summary>
/// A socket that is known by a descriptor only, because no reactor has it. The managed engine can hold it under a key and
/// tell its cookie; nobody runs programs on it or sends through it, so redirects to it fail as to a missing key.
/// </summary>
internal sealed class ForeignSocket(ulong cookie) : IMapSocket
{
    private SocketMemberships _memberships;

    /// <summary>The descriptor it was last inserted by.</summary>
    internal int Descriptor { get; set; }

    public ulong Cookie { get; } = cookie;

    public bool AllowsRedirect => false;

    public ref SocketMemberships Memberships => ref _memberships;

    /// <summary>Its close gives no sign; that the descriptor means another socket, or none, is as good.</summary>
    public bool IsOpen => Syscall.GetCookie(Descriptor, out ulong found) == 0 && found == Cookie;

    public Errno CheckState() => Errno.None;

    public void OnMembershipsChanged() => ForeignSockets.Forget(this);
}
