using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>The parts that addresses to listen on and addresses to connect to have in common.</summary>
internal static class Addresses
{
    public const string UnixPrefix = "unix:";

    // sun_path holds 108 bytes, one of them the terminating NUL.
    private const int LongestPath = 107;

    /// <summary>Parts host and port at the last colon, outside brackets. False when there is no port.</summary>
    public static bool TrySplit(string text, out string host, out string port)
    {
        int colon = text.LastIndexOf(':');
        if (colon < 0 || colon < text.LastIndexOf(']')) colon = text.Length;
        host = text[..colon];
        port = colon < text.Length ? text[(colon + 1)..] : "";
        return colon < text.Length;
    }

    public static Parsed<int> Port(string text, int lowest)
    {
        if (text.Length > 0 && text.All(char.IsAsciiDigit))
        {
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port >= lowest && port <= 65535
                ? port
                : new Problem($"port {Quote.Text(text)} is out of range", $"it may be {lowest} to 65535");
        }
        return new Problem(text.Length == 0 ? "the port is missing" : $"`{Quote.Text(text)}` is not a port",
            $"a port is a number, {lowest} to 65535");
    }

    /// <summary>An IP address exactly as it is normally written: no 127.1, no octal, IPv6 only in brackets; null otherwise.</summary>
    public static IPAddress? Ip(string host)
    {
        if (host is ['[', .. var inside, ']'])
        {
            // A zone that does not exist here would be dropped silently.
            return IPAddress.TryParse(inside, out IPAddress? v6) && v6.AddressFamily == AddressFamily.InterNetworkV6
                && !inside.Contains('[') && (!inside.Contains('%') || v6.ScopeId != 0) ? v6 : null;
        }
        bool isIPv4 = IPAddress.TryParse(host, out IPAddress? v4) && v4.AddressFamily == AddressFamily.InterNetwork;
        return isIPv4 && v4!.ToString() == host ? v4 : null;
    }

    /// <summary>IPv6 whose brackets were forgotten, with or without a port behind it.</summary>
    public static Problem? MissingBrackets(string text, string host, string port)
    {
        if (!host.Contains(':') || host.Contains('[')) return null;
        string address = IPAddress.TryParse(host, out _) ? $"[{host}]:{port}" : $"[{text}]:port";
        return new Problem($"`{Quote.Text(text)}` lacks the brackets that tell an IPv6 address from its port",
            $"write {Quote.Text(address)}");
    }

    /// <summary>unix:/path or unix:@abstract.</summary>
    public static Parsed<UnixDomainSocketEndPoint> Unix(string text)
    {
        string path = text[UnixPrefix.Length..];
        bool isAbstract = path.StartsWith('@');
        if (!isAbstract && !path.StartsWith('/'))
            return new Problem($"`{Quote.Text(text)}` is not a unix socket address", "write unix:/absolute/path or unix:@abstract-name");
        if (path.Length == 1)
            return new Problem($"`{Quote.Text(text)}` names no socket", "write unix:/absolute/path or unix:@abstract-name");
        if (path.Any(c => char.IsControl(c) || char.IsSurrogate(c)))
            return new Problem($"`{Quote.Text(text)}` holds characters that have no place in a path");
        int length = Encoding.UTF8.GetByteCount(path);
        if (length > LongestPath) return new Problem($"the path is {length} bytes long", $"the kernel takes at most {LongestPath}");
        return new UnixDomainSocketEndPoint(isAbstract ? $"\0{path[1..]}" : path);
    }
}
