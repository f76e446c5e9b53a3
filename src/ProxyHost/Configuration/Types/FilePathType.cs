using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>The absolute path of a file. Whether it is there is not looked at.</summary>
internal sealed class FilePathType : TextType<string>
{
    public override string Description => "the absolute path of a file";

    protected override string Pattern => "^/.+$";

    public override Parsed<string> Parse(string text) => text.StartsWith('/') && text.Length > 1 && !text.Any(char.IsControl)
        ? text
        : new Problem($"`{Quote.Text(text)}` is not the absolute path of a file", "begin it with a slash");

    public override string Format(string value) => value;
}
