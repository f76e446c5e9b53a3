using Sluice.ProxyHost.Configuration.Yaml;
using Sluice.Redirect.Rules.Tls;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>A host name as clients ask for it in TLS, or all names below one.</summary>
internal sealed class ServerNameType : TextType<string>
{
    private const string AnyBelow = "*.";

    public override string Description => "a host name such as `api.example.com`, or `*.example.com` for every name below";

    protected override string Pattern => @"^(\*\.)?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$";

    public override Parsed<string> Parse(string text)
    {
        if (text.Length == 0) return new Problem("the name is empty");
        string name = text.StartsWith(AnyBelow, StringComparison.Ordinal) ? text[AnyBelow.Length..] : text;
        if (name.Length > HostNamePattern.MostCharacters)
            return new Problem($"the name is {name.Length} characters long", $"at most {HostNamePattern.MostCharacters} are allowed");
        if (name.Contains('*'))
            return new Problem($"`{Quote.Text(text)}` has its `*` in a place of no meaning", "only `*.` at the beginning stands for any name below");
        if (name.EndsWith('.')) return new Problem($"`{Quote.Text(text)}` ends with a dot", "clients ask without it; leave it out");
        return HostNamePattern.IsValid(text)
            ? text
            : new Problem($"`{Quote.Text(text)}` is not a host name", "letters, digits, `-` and `_` in labels with dots between");
    }

    public override string Format(string value) => value;
}
