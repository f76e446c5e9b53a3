using System.Net;
using System.Net.Sockets;
using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>An address to connect to.</summary>
internal sealed class EndpointType : TextType<EndpointConfig>
{
    private const string BuiltinPrefix = "builtin:";
    private const string OriginalDestination = "original_destination";
    private static readonly string[] Builtins = ["echo", "discard"];

    public override string Description =>
        "`ip:port`, `[ipv6]:port`, `name:port`, `unix:/path`, `unix:@name`, `builtin:echo`, `builtin:discard` or `original_destination`";

    protected override string Pattern =>
        $@"^({OriginalDestination}|builtin:({string.Join('|', Builtins)})|unix:[/@].+|\[[0-9A-Fa-f:.]+(%[^\]]+)?\]:[0-9]{{1,5}}|[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_.])?:[0-9]{{1,5}}|_[A-Za-z0-9_.-]*[A-Za-z0-9_.])$";

    public override Parsed<EndpointConfig> Parse(string text)
    {
        if (text.StartsWith(BuiltinPrefix, StringComparison.Ordinal)) return Builtin(text);
        if (text == OriginalDestination) return new EndpointConfig(text, EndpointKind.OriginalDestination, "", 0, null);
        if (text.StartsWith(Addresses.UnixPrefix, StringComparison.Ordinal))
        {
            Parsed<UnixDomainSocketEndPoint> unix = Addresses.Unix(text);
            return unix.Problem is { } bad
                ? bad
                : new EndpointConfig(text, EndpointKind.Unix, text[Addresses.UnixPrefix.Length..], 0, unix.Value);
        }
        if (!Addresses.TrySplit(text, out string host, out string portText) || host.Length == 0)
        {
            return IsService(text)
                ? new EndpointConfig(text, EndpointKind.HostName, text, 0, null)
                : new Problem($"`{Quote.Text(text)}` is not an address with a port", $"write {Description}");
        }
        if (Addresses.MissingBrackets(text, host, portText) is { } brackets) return brackets;
        Parsed<int> port = Addresses.Port(portText, lowest: 1);
        if (port.Problem is { } problem) return problem;
        if (Addresses.Ip(host) is { } ip) return new EndpointConfig(text, EndpointKind.Ip, "", 0, new IPEndPoint(ip, port.Value));
        return IsHostName(host)
            ? new EndpointConfig(text, EndpointKind.HostName, host, port.Value, null)
            : new Problem($"`{Quote.Text(host)}` is neither an IP address nor a host name", $"write {Description}");
    }

    public override string Format(EndpointConfig value) => value.Text;

    private static Parsed<EndpointConfig> Builtin(string text)
    {
        string service = text[BuiltinPrefix.Length..];
        return Builtins.Contains(service)
            ? new EndpointConfig(text, EndpointKind.Builtin, service, 0, null)
            : new Problem($"there is no builtin service `{Quote.Text(service)}`",
                Nearest.DidYouMean(service, Builtins) ?? $"there are {string.Join(" and ", Builtins)}");
    }

    // The name of SRV records (RFC 2782), which have ports of their own; whether it may stand there is for the cluster to say.
    private static bool IsService(string text) => text.StartsWith('_') && text.Contains('.') && IsHostName(text);

    // A last label of digits only is a mistyped IPv4 address (RFC 1123); underscores are common in container networks.
    private static bool IsHostName(string host)
    {
        string[] labels = host.TrimEnd('.').Split('.');
        return host.Length <= 253 && labels.All(IsLabel) && !labels[^1].All(char.IsAsciiDigit)
            && !host.EndsWith("..", StringComparison.Ordinal);
    }

    private static bool IsLabel(string label) => label is { Length: > 0 and <= 63 } && label[0] != '-' && label[^1] != '-'
        && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
