using System.Net;
using System.Net.Sockets;
using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>An address to listen on. Every one in a document must be different.</summary>
internal sealed class ListenAddressType : TextType<ListenAddress>
{
    public override string Description => "`ip:port`, `[ipv6]:port`, `unix:/path` or `unix:@name`";

    protected override string Pattern => @"^([0-9.]+:[0-9]{1,5}|\[[0-9A-Fa-f:.]+(%[^\]]+)?\]:[0-9]{1,5}|unix:[/@].+)$";

    public override Parsed<ListenAddress> Parse(string text)
    {
        if (text.StartsWith(Addresses.UnixPrefix, StringComparison.Ordinal))
        {
            Parsed<UnixDomainSocketEndPoint> unix = Addresses.Unix(text);
            return unix.Problem is { } bad ? bad : new ListenAddress(text, unix.Value!);
        }
        if (Quantity.IsNumber(text)) return new Problem($"`{Quote.Text(text)}` has no address", Wildcards(text));
        if (!Addresses.TrySplit(text, out string host, out string portText))
        {
            string form = Addresses.Ip(text) is null ? Description : $"{Quote.Text(text)}:port";
            return new Problem($"`{Quote.Text(text)}` has no port", $"write {form}");
        }
        if (host is "" or "*") return new Problem($"`{Quote.Text(text)}` does not say on which address", Wildcards(portText));
        if (Addresses.MissingBrackets(text, host, portText) is { } brackets) return brackets;
        if (Addresses.Ip(host) is not { } ip)
        {
            string remedy = host == "localhost" ? $"write 127.0.0.1:{Quote.Text(portText)}" : "names cannot be listened on";
            return new Problem($"`{Quote.Text(host)}` is not an IP address of the form {Description}", remedy);
        }
        Parsed<int> port = Addresses.Port(portText, lowest: 0);
        return port.Problem is { } problem ? problem : new ListenAddress(text, new IPEndPoint(ip, port.Value));
    }

    public override string Format(ListenAddress value) => value.Text;

    public override void Accept(ListenAddress value, Cursor at) => at.Context.Addresses.Claim(value.EndPoint, at);

    private static string Wildcards(string port) =>
        $"write 0.0.0.0:{Quote.Text(port)} for every IPv4 address or [::]:{Quote.Text(port)} for every address";
}
