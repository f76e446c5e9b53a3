using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>
/// The name of something of a kind ("cluster"): where it is declared, or a reference to it from elsewhere. Names become
/// metric attributes and words in log lines, hence few characters and no spaces.
/// </summary>
internal sealed class NameType : TextType<string>
{
    private const int Longest = 63;
    private readonly string _description;
    private readonly Action<string, Cursor> _accept;

    private NameType(string description, Action<string, Cursor> accept) =>
        (_description, _accept) = (description, accept);

    /// <summary>The key that gives a thing its name, unique within its kind.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="isForUse">Whether such a thing does nothing unless another refers to it.</param>
    public static NameType Declaring(string kind, bool isForUse = false) => new(Unique($"{kind}s"), (name, at) =>
    {
        at.Context.Names.Declare(kind, "", name, at);
        if (isForUse) at.Context.Names.AreForUse(kind);
    });

    /// <summary>The key that gives an item of a list its name, unique within the list.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="among">The items of the list in words.</param>
    public static NameType DeclaringInList(string kind, string among) => new(Unique(among), (name, at) =>
        at.Context.Names.Declare(kind, at.Path[..at.Path.LastIndexOf('[')], name, at));

    /// <summary>A key that names a thing declared anywhere in the document.</summary>
    public static NameType Of(string kind) => new($"the name of a {kind}", (name, at) => at.Context.Names.Use(kind, name, at));

    public override string Description => _description;

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

    public override void Accept(string value, Cursor at) => _accept(value, at);

    private static string Unique(string among) => $"a name: letters, digits, `.`, `_` and `-`, at most {Longest}, unique among {among}";
}
