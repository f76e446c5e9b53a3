using System.Net;
using System.Net.Sockets;
using Sluice.ProxyHost.Configuration;

namespace Sluice.ProxyHost.Tests.Configuration;

public class AddressTests
{
    [Theory]
    [InlineData("0.0.0.0:80", "0.0.0.0:80")]
    [InlineData("127.0.0.1:0", "127.0.0.1:0")]
    [InlineData("\"[::]:65535\"", "[::]:65535")]
    [InlineData("\"[fe80::1%1]:80\"", "[fe80::1%1]:80")]
    public void Good_listen_addresses(string written, string expected) =>
        Assert.Equal(IPEndPoint.Parse(expected), Reading.Good(Reading.ListenOn(written)).Listeners[0].Listen[0].EndPoint);

    [Theory]
    [InlineData("unix:/run/s.sock", "/run/s.sock")]
    [InlineData("unix:@name", "\0name")]
    public void Good_unix_addresses(string written, string path)
    {
        Assert.Equal(new UnixDomainSocketEndPoint(path), Reading.Good(Reading.ListenOn(written)).Listeners[0].Listen[0].EndPoint);
        EndpointConfig endpoint = Reading.Good(Reading.Endpoints($"[\"{written}\"]")).Clusters[0].Endpoints[0];
        Assert.Equal((EndpointKind.Unix, new UnixDomainSocketEndPoint(path)), (endpoint.Kind, endpoint.Address));
    }

    [Theory]
    [InlineData("8080", "`8080` has no address; write 0.0.0.0:8080 for every IPv4 address or [::]:8080 for every address")]
    [InlineData("\":8080\"", "write 0.0.0.0:8080")]
    [InlineData("\"*:8080\"", "write 0.0.0.0:8080")]
    [InlineData("localhost:80", "write 127.0.0.1:80")]
    [InlineData("example.org:80", "names cannot be listened on")]
    [InlineData("127.0.0.1", "has no port; write 127.0.0.1:port")]
    [InlineData("\"127.0.0.1:\"", "the port is missing")]
    [InlineData("127.0.0.1:65536", "port 65536 is out of range; it may be 0 to 65535")]
    [InlineData("127.0.0.1:http", "`http` is not a port")]
    [InlineData("127.1:80", "`127.1` is not an IP address")]
    [InlineData("010.0.0.1:80", "`010.0.0.1` is not an IP address")]
    [InlineData("\"::1:80\"", "lacks the brackets")]
    [InlineData("\"[::1%nosuchzone]:80\"", "is not an IP address")]
    [InlineData("\"[127.0.0.1]:80\"", "is not an IP address")]
    [InlineData("\"[::1]\"", "has no port; write [::1]:port")]
    [InlineData("unix:relative.sock", "is not a unix socket address; write unix:/absolute/path")]
    [InlineData("unix:@", "names no socket")]
    [InlineData("\"unix:/a\\u0001b\"", "holds characters that have no place in a path")]
    [InlineData("unix:/12345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567", "the path is 108 bytes long; the kernel takes at most 107")]
    [InlineData("[127.0.0.1:80, 127.0.0.1:80]", "3:28: listeners[0].listen[1]: `127.0.0.1:80` is already listened on by listeners[0].listen[0] (line 3)")]
    [InlineData("[127.0.0.1:80, \"[::ffff:127.0.0.1]:80\"]", "is already listened on by listeners[0].listen[0]")]
    [InlineData("127.0.0.1:9901", "3:13: listeners[0].listen: `127.0.0.1:9901` is already listened on by admin.listen (by default)")]
    public void Bad_listen_addresses(string written, string expected) =>
        Assert.Contains(Reading.Errors(Reading.ListenOn(written)), e => e.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void Port_zero_may_be_asked_for_twice() =>
        Assert.Equal(2, Reading.Good(Reading.ListenOn("[127.0.0.1:0, 127.0.0.1:0]")).Listeners[0].Listen.Length);

    [Theory]
    [InlineData("10.0.0.1:1", EndpointKind.Ip, "", 0)]
    [InlineData("[::1]:1", EndpointKind.Ip, "", 0)]
    [InlineData("my_db-1.example.:5432", EndpointKind.HostName, "my_db-1.example.", 5432)]
    [InlineData("builtin:echo", EndpointKind.Builtin, "echo", 0)]
    public void Good_endpoints(string written, EndpointKind kind, string host, int port)
    {
        EndpointConfig endpoint = Reading.Good(Reading.Endpoints($"[\"{written}\"]")).Clusters[0].Endpoints[0];
        Assert.Equal(
            new EndpointConfig(written, kind, host, port, kind == EndpointKind.Ip ? IPEndPoint.Parse(written) : null),
            endpoint);
    }

    [Theory]
    [InlineData("10.0.0.1", "is not an address with a port")]
    [InlineData("10.0.0.1:0", "port 0 is out of range; it may be 1 to 65535")]
    [InlineData("10.0.0.256:80", "`10.0.0.256` is neither an IP address nor a host name")]
    [InlineData("-x.example:80", "is neither an IP address nor a host name")]
    [InlineData("a..b:80", "is neither an IP address nor a host name")]
    [InlineData("http://x:80", "lacks the brackets")]
    [InlineData("builtin:ecko", "there is no builtin service `ecko`; did you mean `echo`?")]
    [InlineData("builtin:", "there are echo and discard")]
    public void Bad_endpoints(string written, string expected) =>
        Assert.Contains(Reading.Errors(Reading.Endpoints($"[\"{written}\"]")), e => e.Contains(expected, StringComparison.Ordinal));
}
