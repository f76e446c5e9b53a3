using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>An IP prefix, or an address, which is the prefix of all its bits.</summary>
internal sealed class PrefixType : TextType<IPNetwork>
{
    public override string Description => "an address, or a prefix such as `10.0.0.0/8` or `fd00::/8`";

    protected override string Pattern => @"^([0-9]+\.[0-9]+\.[0-9]+\.[0-9]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)(/[0-9]{1,3})?$";

    public override Parsed<IPNetwork> Parse(string text)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        string host = slash < 0 ? text : text[..slash];
        if (Address(host) is not { } address)
            return new Problem($"`{Quote.Text(host)}` is not an IP address", $"write {Description}; a port has a key of its own");
        int bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        if (slash < 0) return new IPNetwork(address, bits);
        string written = text[(slash + 1)..];
        if (!int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out int length) || length > bits)
            return new Problem($"`{Quote.Text(written)}` is not the length of a prefix", $"it may be 0 to {bits}");
        IPNetwork network = Network(address, length);
        return network.BaseAddress.Equals(address)
            ? network
            : new Problem($"`{Quote.Text(text)}` has bits set behind its first {length}", $"the network is {network}, the address alone {host}");
    }

    public override string Format(IPNetwork value) =>
        value.PrefixLength == value.BaseAddress.GetAddressBytes().Length * 8 ? value.BaseAddress.ToString() : value.ToString();

    private static IPAddress? Address(string host) => Addresses.Ip(host.Contains(':') ? $"[{host}]" : host) is { } ip && !host.Contains('%') ? ip : null;

    private static IPNetwork Network(IPAddress address, int length)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] &= (byte)~(0xff >> Math.Clamp(length - (i * 8), 0, 8));
        return new IPNetwork(new IPAddress(bytes), length);
    }
}
