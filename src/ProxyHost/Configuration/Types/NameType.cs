using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>
/// The name of something of a kind ("cluster"): where it is declared, or a reference to it from elsewhere. Names become
/// metric attributes and words in log lines, hence few characters and no spaces.
/// </summary>
internal sealed class NameType : TextType<string>
{
    private const int Longest = 63;
    private readonly string _kind;
    private readonly bool _declares;

    private NameType(string kind, bool declares) => (_kind, _declares) = (kind, declares);

    /// <summary>The key that gives a thing its name, unique within its kind.</summary>
    public static NameType Declaring(string kind) => new(kind, declares: true);

    /// <summary>A key that names a thing declared anywhere in the document.</summary>
    public static NameType Of(string kind) => new(kind, declares: false);

    public override string Description => _declares
        ? $"a name: letters, digits, `.`, `_` and `-`, at most {Longest}, unique among {_kind}s"
        : $"the name of a {_kind}";

    protected override string Pattern => $"^[A-Za-z0-9][A-Za-z0-9._-]{{0,{Longest - 1}}}$";

    public override Parsed<string> Parse(string text)
    {
        if (text.Length == 0) return new Problem("the name is empty");
        if (text.Length > Longest)
            return new Problem($"`{Quote.Text(text)}` is {text.Length} characters long", $"at most {Longest} are allowed");
        return char.IsAsciiLetterOrDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')
            ? text
            : new Problem($"`{Quote.Text(text)}` is not a name", "use letters, digits, `.`, `_` and `-`, beginning with a letter or digit");
    }

    public override string Format(string value) => value;

    public override void Accept(string value, Cursor at)
    {
        if (_declares) at.Context.Names.Declare(_kind, value, at);
        else at.Context.Names.Use(_kind, value, at);
    }
}
