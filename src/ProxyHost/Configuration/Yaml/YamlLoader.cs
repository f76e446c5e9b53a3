using System.Diagnostics.CodeAnalysis;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Sluice.ProxyHost.Configuration.Yaml;

/// <summary>Text to YamlDotNet's node model, with everything that is wrong with the YAML itself reported.</summary>
internal static class YamlLoader
{
    /// <summary>The root node of the only document. False when there is none; the reason is then reported.</summary>
    public static bool TryLoad(SourceText source, Diagnostics diagnostics, [NotNullWhen(true)] out YamlNode? root)
    {
        root = null;
        var stream = new YamlStream();
        try
        {
            stream.Load(new GuardedParser(new Parser(new StringReader(source.Text)), diagnostics));
        }
        catch (YamlException e)
        {
            diagnostics.Error(e.Start, "", $"not valid YAML: {Quote.Text(OneSentence(e.Message))}", Hint(source, e.Start));
            return false;
        }
        if (stream.Documents.Count > 1)
            diagnostics.Error(stream.Documents[1].RootNode.Start, "", "a second document begins here",
                "a configuration is one document; remove the `---` between them");
        if (stream.Documents.Count == 0 || stream.Documents[0].RootNode is YamlScalarNode { Value: null or "" })
        {
            diagnostics.Error(1, 1, "", "the file is empty", "a configuration needs at least `listeners` and `clusters`");
            return false;
        }
        root = stream.Documents[0].RootNode;
        return true;
    }

    private static string OneSentence(string message) => char.ToLowerInvariant(message[0]) + message[1..].TrimEnd('.');

    /// <summary>The slips that people make most, which the parser's own words do not name.</summary>
    private static string? Hint(SourceText source, Mark at)
    {
        string line = source.Line((int)at.Line) ?? "";
        if (line.TrimStart(' ').StartsWith('\t')) return "indent with spaces, not with tabs";
        if (line.Contains("${", StringComparison.Ordinal)) return "inside [ ] and { } a variable needs quotes: \"${NAME}\"";
        int column = Math.Clamp((int)at.Column - 1, 0, line.Length);
        return column < line.Length && line[column] is '@' or '`' or '*' or '%' or '&' or '!' ? "put the value in quotes" : null;
    }
}
