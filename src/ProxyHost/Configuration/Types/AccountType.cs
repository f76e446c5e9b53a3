using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>A user and perhaps a group, by names or numbers. Whether the system has them is not looked at: it may be another machine's file.</summary>
internal sealed class AccountType : TextType<string>
{
    public override string Description => "`user`, `user:group`, or their numbers";

    protected override string Pattern => "^[A-Za-z0-9_.-]+(:[A-Za-z0-9_.-]+)?$";

    public override Parsed<string> Parse(string text) => IsOne(text)
        ? text
        : new Problem($"`{Quote.Text(text)}` is not a user", "write a user, or a user and a group such as 1654:1654");

    public override string Format(string value) => value;

    private static bool IsOne(string text)
    {
        string[] parts = text.Split(':');
        return parts.Length <= 2 && parts.All(part => part.Length > 0 && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-'));
    }
}
