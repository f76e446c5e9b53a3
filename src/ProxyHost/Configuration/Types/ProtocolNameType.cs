using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>The name of an application protocol, as in TLS ALPN.</summary>
internal sealed class ProtocolNameType : TextType<string>
{
    private const int Longest = 255;

    public override string Description => "the name of a protocol, such as `h2` or `http/1.1`";

    protected override string Pattern => "^[!-~]+$";

    public override Parsed<string> Parse(string text)
    {
        if (text.Length == 0) return new Problem("the name is empty");
        if (text.Length > Longest) return new Problem($"the name is {text.Length} characters long", $"at most {Longest} are allowed");
        return text.All(c => c is > ' ' and < '\x7f')
            ? text
            : new Problem($"`{Quote.Text(text)}` is not the name of a protocol", "use printable ASCII without spaces");
    }

    public override string Format(string value) => value;
}
