using System.Diagnostics;
using Microsoft.AspNetCore.Connections;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Splicing;

/// <summary>
/// The two connections of one proxied connection and what may be seen and done from outside while they are spliced.
/// The splicer owns both connections from the moment it is given the pair and disposes them before it completes.
/// </summary>
public class SplicePair : IAbortScope
{
    private IAbortable? _running;
    private ConnectionContext? _upstream;
    private byte _abortReason;
    private volatile bool _isDemoted;
    private volatile bool _closesBetweenMessages;
    private long _fromClient;
    private long _fromUpstream;

    /// <summary>A pair whose upstream is there already.</summary>
    public SplicePair(
        ConnectionContext client, ConnectionContext upstream, SpliceLimits limits, ByteMeter meter, SpliceMaps? maps = null,
        Bandwidth? bandwidth = null)
        : this(client, new SpliceTerms(limits, meter, maps, bandwidth)) => _upstream = upstream;

    /// <summary>A pair whose upstream is still to be dialled.</summary>
    protected SplicePair(ConnectionContext client, SpliceTerms terms) => (Client, Terms) = (client, terms);

    /// <summary>The accepted connection.</summary>
    public ConnectionContext Client { get; }

    /// <summary>The dialled connection. Readable from any thread once <see cref="IsJoined"/>; before, it throws.</summary>
    public ConnectionContext Upstream =>
        Volatile.Read(ref _upstream) ?? throw new InvalidOperationException("The upstream is still being dialled");

    /// <summary>True once there is an upstream.</summary>
    public bool IsJoined => Volatile.Read(ref _upstream) is not null;

    /// <summary>Time limits.</summary>
    public SpliceLimits Limits => Terms.Limits;

    /// <summary>The maps its sockets lie in; null: none, and no program judges it.</summary>
    public SpliceMaps? Maps => Terms.Maps;

    /// <summary>The kernel may carry its bytes where it can.</summary>
    public virtual bool MayOffload => true;

    /// <summary>What applications on this host send may go past the proxy where it can.</summary>
    public virtual bool MayBypass => true;

    /// <summary>Dials the further clusters that its rules redirect to; null: there are none.</summary>
    public virtual IClusterDialer? Clusters => null;

    /// <summary>Hears which rules decide; null: nobody does.</summary>
    public virtual IVerdictObserver? Observer => null;

    /// <summary>Bytes of the client delivered to the upstream so far. Readable from any thread.</summary>
    public long BytesFromClient => Volatile.Read(ref _fromClient);

    /// <summary>Bytes of the upstream delivered to the client so far. Readable from any thread.</summary>
    public long BytesFromUpstream => Volatile.Read(ref _fromUpstream);

    /// <summary>The path the client's bytes take at the moment. Readable from any thread.</summary>
    public DataPath PathFromClient { get; internal set; }

    /// <summary>The path the upstream's bytes take at the moment. Readable from any thread.</summary>
    public DataPath PathFromUpstream { get; internal set; }

    /// <summary>True once the client's FIN has been passed on. Readable from any thread.</summary>
    public bool ClientClosed => ClientClosedAt != 0;

    /// <summary>True once the upstream's FIN has been passed on. Readable from any thread.</summary>
    public bool UpstreamClosed => UpstreamClosedAt != 0;

    /// <summary><see cref="Stopwatch"/> timestamp of the client's FIN; 0 before. Readable from any thread.</summary>
    public long ClientClosedAt { get; private set; }

    /// <summary><see cref="Stopwatch"/> timestamp of the upstream's FIN; 0 before. Readable from any thread.</summary>
    public long UpstreamClosedAt { get; private set; }

    /// <summary>
    /// <see cref="Stopwatch"/> timestamp of the moment the client's first byte was delivered; 0 while it has sent none.
    /// Readable from any thread.
    /// </summary>
    public long FirstByteFromClientAt { get; private set; }

    /// <summary>
    /// <see cref="Stopwatch"/> timestamp of the moment the upstream's first byte was delivered; 0 while it has sent none.
    /// Readable from any thread.
    /// </summary>
    public long FirstByteFromUpstreamAt { get; internal set; }

    /// <summary>The reason it was aborted from outside, or <see cref="EndReason.None"/>. Readable from any thread.</summary>
    public EndReason AbortedFor => (EndReason)Volatile.Read(ref _abortReason);

    /// <summary>
    /// Ends the connection with RST on both sides and the given reason, unless it has ended already; while it is being
    /// dialled, the attempt under way is given up. Safe from any thread and at any time; the first reason wins.
    /// </summary>
    public void Abort(EndReason reason)
    {
        if (Interlocked.CompareExchange(ref _abortReason, (byte)reason, (byte)0) == 0)
            Volatile.Read(ref _running)?.Abort(reason);
    }

    /// <summary>
    /// The kernel gets its bytes no more: it goes on in user space, at the latest with the next byte of each side. For good. Safe from
    /// any thread and at any time.
    /// </summary>
    public void Demote()
    {
        _isDemoted = true;
        (Volatile.Read(ref _running) as IRunningSplice)?.Demote();
    }

    /// <summary>
    /// Ends it with <see cref="EndReason.DrainedBetweenMessages"/> and FIN at the first moment when both its streams are between two
    /// messages; a connection whose streams are not both framed by its programs goes on. Safe from any thread and at any time.
    /// </summary>
    public void CloseBetweenMessages()
    {
        _closesBetweenMessages = true;
        (Volatile.Read(ref _running) as IRunningSplice)?.CloseBetweenMessages();
    }

    /// <inheritdoc/>
    public void Enter(IAbortable operation)
    {
        Interlocked.Exchange(ref _running, operation);
        if (operation is IRunningSplice running)
        {
            if (_isDemoted)
                running.Demote();
            if (_closesBetweenMessages)
                running.CloseBetweenMessages();
        }

        if (AbortedFor is not EndReason.None and var reason)
            operation.Abort(reason);
    }

    /// <summary>What it has in common with others. Set before it is spliced.</summary>
    protected internal SpliceTerms Terms { get; protected set; }

    /// <summary>The upstream is there.</summary>
    protected void Join(ConnectionContext upstream) => Volatile.Write(ref _upstream, upstream);

    /// <summary>A direction's bytes take another path. On the connection's reactor, never for a byte or a message of its own.</summary>
    protected internal virtual void OnPathChanged(Direction direction, DataPath path)
    {
    }

    /// <summary>Whether somebody wants to hear of such an end what TCP knows of the sockets: two system calls. Where it lives.</summary>
    protected internal virtual bool WantsFacts(EndReason reason) => false;

    /// <summary>
    /// It ends in another way than <see cref="EndReason.Completed"/>, both sockets are still there, and <see cref="WantsFacts"/> was true.
    /// Where it lives, at most once.
    /// </summary>
    /// <param name="client">What TCP knows of the client's socket; null where nothing is known.</param>
    /// <param name="upstream">The same of the upstream's.</param>
    protected internal virtual void OnEnding(TcpFacts? client, TcpFacts? upstream)
    {
    }

    /// <summary>The FIN of a side was passed on, or is about to be.</summary>
    internal void FinPassedOn(Direction side)
    {
        if (side == Direction.FromClient)
            ClientClosedAt = Stopwatch.GetTimestamp();
        else
            UpstreamClosedAt = Stopwatch.GetTimestamp();
    }

    /// <summary>Counts bytes handed to the other side's socket. One writer per direction.</summary>
    internal void Delivered(Direction direction, DataPath path, long count)
    {
        if (direction == Direction.FromClient)
        {
            if (FirstByteFromClientAt == 0)
                FirstByteFromClientAt = Stopwatch.GetTimestamp();
            Volatile.Write(ref _fromClient, _fromClient + count);
        }
        else
        {
            if (FirstByteFromUpstreamAt == 0)
                FirstByteFromUpstreamAt = Stopwatch.GetTimestamp();
            Volatile.Write(ref _fromUpstream, _fromUpstream + count);
        }

        Terms.Meter.Add(direction, path, count);
    }
}
