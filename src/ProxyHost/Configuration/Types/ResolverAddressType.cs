using System.Net;
using System.Net.Sockets;
using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>The address of a server of DNS; its port is 53 where none is written.</summary>
internal sealed class ResolverAddressType : TextType<IPEndPoint>
{
    private const int Usual = 53;

    public override string Description => "`ip`, `ip:port`, `[ipv6]` or `[ipv6]:port`";

    protected override string Pattern => @"^([0-9.]+|\[[0-9A-Fa-f:.]+(%[^\]]+)?\])(:[0-9]{1,5})?$";

    public override Parsed<IPEndPoint> Parse(string text)
    {
        bool hasPort = Addresses.TrySplit(text, out string host, out string portText);
        if (Addresses.MissingBrackets(text, host, portText) is { } brackets) return brackets;
        Parsed<int> port = hasPort ? Addresses.Port(portText, lowest: 1) : Usual;
        if (port.Problem is { } problem) return problem;
        return Addresses.Ip(host) is { } ip
            ? new IPEndPoint(ip, port.Value)
            : new Problem($"`{Quote.Text(host)}` is not an IP address, and who finds names has none of his own", $"write {Description}");
    }

    public override string Format(IPEndPoint value)
    {
        string ip = value.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{value.Address}]" : value.Address.ToString();
        return value.Port == Usual ? ip : $"{ip}:{value.Port}";
    }
}
