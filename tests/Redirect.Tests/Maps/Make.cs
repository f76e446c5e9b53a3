using System.Net;
using Sluice.Redirect.Maps;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Tests.Maps;

internal static class Make
{
    public static SockMap SockMap(uint maxEntries)
    {
        Assert.Equal(Errno.None, Redirect.Maps.SockMap.Create(new MapAttributes(sizeof(uint), maxEntries), out SockMap? map));
        return map!;
    }

    public static SockHash SockHash(uint maxEntries)
    {
        Assert.Equal(Errno.None, Redirect.Maps.SockHash.Create(new MapAttributes(SocketKey.Size, maxEntries), out SockHash? map));
        return map!;
    }

    public static SocketKey Key(int number) => SocketKey.From(
        new IPEndPoint(new IPAddress([10, 0, (byte)(number >> 8), (byte)number]), 40000 + number), new IPEndPoint(IPAddress.Loopback, 80));
}
