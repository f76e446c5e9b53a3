using System.Collections.Immutable;
using System.Net;

namespace Sluice.ProxyHost.Listeners;

/// <summary>
/// What the daemon's listeners are bound to, so that nothing is dialled that would come straight back. Safe from any thread.
/// </summary>
internal sealed class OwnAddresses
{
    private ImmutableArray<IPEndPoint> _bound = [];

    public void Add(EndPoint bound)
    {
        if (bound is IPEndPoint ip)
            ImmutableInterlocked.Update(ref _bound, static (all, one) => all.Add(one), ip);
    }

    public void Remove(EndPoint bound)
    {
        if (bound is IPEndPoint ip)
            ImmutableInterlocked.Update(ref _bound, static (all, one) => all.Remove(one), ip);
    }

    /// <summary>
    /// Whether a destination is one of them. A listener on all addresses has every destination with its port: nobody can tell which
    /// addresses are this host's by tomorrow.
    /// </summary>
    public bool Contains(IPEndPoint destination)
    {
        foreach (IPEndPoint own in _bound)
        {
            if (own.Port == destination.Port
                && (own.Address.Equals(destination.Address) || own.Address.Equals(IPAddress.Any) || own.Address.Equals(IPAddress.IPv6Any)))
                return true;
        }

        return false;
    }
}
