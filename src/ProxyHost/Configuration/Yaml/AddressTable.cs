using System.Net;

namespace Sluice.ProxyHost.Configuration.Yaml;

/// <summary>
/// The addresses that a document binds. The same one twice would otherwise succeed silently: SO_REUSEPORT lets one user
/// bind it twice and the kernel would spread connections over both.
/// </summary>
internal sealed class AddressTable
{
    private readonly List<(EndPoint Address, Cursor At)> _claims = [];

    public void Claim(EndPoint address, Cursor at) => _claims.Add((address, at));

    public void Resolve()
    {
        var first = new Dictionary<EndPoint, Cursor>();
        // What is written is what can be changed, so a clash with a default is told there.
        foreach ((EndPoint address, Cursor at) in _claims.OrderByDescending(c => c.At.IsDefault))
        {
            // Port 0 asks the kernel for a free port each time.
            if (address is IPEndPoint { Port: 0 }) continue;
            if (first.TryAdd(SameSocket(address), at)) continue;
            at.Error($"`{Quote.Text(address.ToString() ?? "")}` is already listened on by {first[SameSocket(address)].Place}",
                "give each its own address");
        }
    }

    private static EndPoint SameSocket(EndPoint address) => address is IPEndPoint { Address.IsIPv4MappedToIPv6: true } ip
        ? new IPEndPoint(ip.Address.MapToIPv4(), ip.Port)
        : address;
}
