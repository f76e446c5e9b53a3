using Sluice.Redirect;
using Sluice.Redirect.Maps;
using Sluice.Redirect.Verdicts;

namespace Sluice.SockMapConformance.Behaviour;

/// <summary>All maps of a test but the one of the topology.</summary>
internal sealed class ManagedMaps : IDisposable
{
    private const uint MaxEntries = 8;
    private readonly List<SockMap> _maps = [];

    public ManagedMaps()
    {
        Assert.Equal(Errno.None, SockHash.Create(new MapAttributes(SocketKey.Size, MaxEntries), out SockHash? hash));
        Hash = hash!;
    }

    /// <summary>The one that redirects by 4-tuple ask.</summary>
    public SockHash Hash { get; }

    public SockMap Create()
    {
        Assert.Equal(Errno.None, SockMap.Create(new MapAttributes(sizeof(uint), MaxEntries), out SockMap? map));
        _maps.Add(map!);
        return map!;
    }

    /// <summary>Sockets that have closed are in no map.</summary>
    public void AssertEmpty()
    {
        Assert.Equal(0, Hash.Count);
        Assert.All(_maps, map => Assert.All(Enumerable.Range(0, (int)MaxEntries), key => Assert.Null(map.Find((uint)key))));
    }

    public void Dispose()
    {
        Hash.Dispose();
        _maps.ForEach(map => map.Dispose());
    }
}
