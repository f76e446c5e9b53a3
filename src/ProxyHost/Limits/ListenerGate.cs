using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Connections;
using Sluice.Redirect;
using Sluice.Redirect.Transports;

namespace Sluice.ProxyHost.Limits;

/// <summary>
/// Who is let in to a listener: by address lists, then by what its source has and does, then by the rate of all. One for all of
/// a listener's accept loops. Safe from any thread; allocates nothing.
/// </summary>
internal sealed class ListenerGate
{
    private readonly TimeProvider _clock;
    private readonly AddressList? _list;
    private readonly bool _isListDry;
    private readonly SourceTable? _sources;
    private readonly SourceLimits _limits;
    private readonly SourcePrefix _prefix;
    private readonly TokenBucket? _bucket;
    private readonly bool _isRateDry;
    private long _fullAt;

    private ListenerGate(ListenerConfig config, TimeProvider clock)
    {
        _clock = clock;
        (_list, _isListDry) = config.Access is { } access ? (new AddressList(access), access.DryRun) : default;
        (_bucket, _isRateDry) = config.Rate is { } rate ? (new TokenBucket(rate, clock.TimestampFrequency), rate.DryRun) : default;
        if (config.PerSource is not { } source)
            return;
        _sources = new SourceTable(source.Sources);
        _limits = new SourceLimits(source, clock.TimestampFrequency);
        _prefix = new SourcePrefix(source.IPv4Prefix, source.IPv6Prefix);
    }

    /// <summary>Connections that no limit of sources applied to, for want of a place in the table.</summary>
    public long Untracked => _sources?.Untracked ?? 0;

    /// <summary>Of a listener; null where anybody is let in.</summary>
    public static ListenerGate? Of(ListenerConfig config, TimeProvider clock) =>
        config is { Access: null, Rate: null, PerSource: null } ? null : new(config, clock);

    /// <summary>Why a connection is refused; None where it is let in, and then <see cref="Leave"/> ends it.</summary>
    public EndReason Judge(ProxiedConnection connection)
    {
        long now = _clock.GetTimestamp();
        // A client of a unix socket has no address that lists and sources could know.
        bool hasAddress = connection.Origin?.Source is { } told ? RemoteAddress.TryGet(told, out UInt128 address) : RemoteAddress.TryGet(connection.Client, out address);
        if (hasAddress && _list?.Allows(address) == false && !Lets(connection, EndReason.AddressDenied, _isListDry))
            return EndReason.AddressDenied;
        if (hasAddress && _sources is not null)
        {
            connection.SourcePlace = _sources.Enter(_prefix.Of(address), _limits, now, out SourceVerdict verdict);
            if (verdict.Reason != EndReason.None && !Lets(connection, verdict.Reason, verdict.IsDryRun))
                return verdict.Reason;
        }

        return _bucket?.TryTake(ref _fullAt, now) == false && !Lets(connection, EndReason.ListenerRate, _isRateDry)
            ? EndReason.ListenerRate
            : EndReason.None;
    }

    /// <summary>A connection that was judged has ended, refused or not.</summary>
    public void Leave(ProxiedConnection connection)
    {
        if (connection.SourcePlace >= 0)
            _sources!.Leave(connection.SourcePlace);
        connection.SourcePlace = -1;
    }

    private static bool Lets(ProxiedConnection connection, EndReason reason, bool isDry)
    {
        if (isDry)
            connection.WouldRefuse = reason;
        return isDry;
    }
}
