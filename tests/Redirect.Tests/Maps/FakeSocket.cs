using Sluice.Redirect.Maps;

namespace Sluice.Redirect.Tests.Maps;

/// <summary>A socket without a kernel behind it. It tells how often it heard of its memberships.</summary>
internal sealed class FakeSocket(ulong cookie) : IMapSocket
{
    private int _changes;
    private SocketMemberships _memberships;

    public ulong Cookie => cookie;

    public bool IsOpen { get; private set; } = true;

    public bool AllowsRedirect { get; init; } = true;

    public Errno State { get; set; }

    public int Changes => Volatile.Read(ref _changes);

    /// <summary>What it was told last, read as its psock would.</summary>
    public AttachedPrograms? Seen { get; private set; }

    public ref SocketMemberships Memberships => ref _memberships;

    public Errno CheckState() => State;

    public void OnMembershipsChanged()
    {
        Interlocked.Increment(ref _changes);
        Seen = Memberships.Programs;
    }

    public void Close()
    {
        IsOpen = false;
        Memberships.Close(this);
    }

    public override string ToString() => $"socket {cookie}";
}
