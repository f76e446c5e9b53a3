using System.Net.Sockets;
using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>A unix socket that has a file, and so permissions. No other key of the document may name the same.</summary>
internal sealed class UnixPathType : TextType<ListenAddress>
{
    public override string Description => "`unix:/path`";

    protected override string Pattern => "^unix:/.+$";

    public override Parsed<ListenAddress> Parse(string text)
    {
        if (!text.StartsWith(Addresses.UnixPrefix + "/", StringComparison.Ordinal))
            return new Problem($"`{Quote.Text(text)}` is not a unix socket with a path", "write unix:/absolute/path");
        Parsed<UnixDomainSocketEndPoint> unix = Addresses.Unix(text);
        return unix.Problem is { } bad ? bad : new ListenAddress(text, unix.Value!);
    }

    public override string Format(ListenAddress value) => value.Text;

    public override void Accept(ListenAddress value, Cursor at) => at.Context.Addresses.Claim(value.EndPoint, at);
}
