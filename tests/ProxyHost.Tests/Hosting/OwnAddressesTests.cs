using System.Net;
using System.Net.Sockets;
using Sluice.ProxyHost.Listeners;

namespace Sluice.ProxyHost.Tests.Hosting;

public sealed class OwnAddressesTests
{
    [Theory]
    [InlineData("10.0.0.1:80", "10.0.0.1:80", true)]
    [InlineData("10.0.0.1:80", "10.0.0.1:81", false)]
    [InlineData("10.0.0.1:80", "10.0.0.2:80", false)]
    [InlineData("0.0.0.0:80", "192.0.2.1:80", true)]
    [InlineData("[::]:80", "192.0.2.1:80", true)]
    [InlineData("[::]:80", "[2001:db8::1]:80", true)]
    [InlineData("[::]:80", "[2001:db8::1]:81", false)]
    public void A_destination_is_ours_by_its_address_or_by_the_port_of_all_addresses(string bound, string destination, bool isOurs)
    {
        var own = new OwnAddresses();
        own.Add(new UnixDomainSocketEndPoint("/x"));
        Assert.False(own.Contains(IPEndPoint.Parse(destination)));
        own.Add(IPEndPoint.Parse(bound));
        Assert.Equal(isOurs, own.Contains(IPEndPoint.Parse(destination)));
        own.Remove(IPEndPoint.Parse(bound));
        Assert.False(own.Contains(IPEndPoint.Parse(destination)));
    }
}
