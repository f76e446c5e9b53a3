using System.Text;
using System.Text.RegularExpressions;
using Sluice.ProxyHost.Configuration;

namespace Sluice.Fuzz.Targets;

/// <summary>The reader of configurations answers with a configuration that prints to itself, or with mistakes that are in the text.</summary>
internal static partial class YamlTarget
{
    private static readonly string[] Words =
    [
        "\n", "\r\n", "\n  ", "\n  - ", ": ", "- ", ", ", "[", "]", "{", "}", "\"", "'", "&a ", "*a", "<<: *a", "!!str ", "!x ", "? ", "| \n", ">-\n", "# ",
        "---\n", "...\n", "%YAML 1.2\n", "${HOST}", "${X:-y}", "$${", "~", "null", "true", "0x10", "1e3", "5s", "64MiB", "auto", "unix:@a", "[::1]:80",
        "127.0.0.1:1", "builtin:echo", "2001:db8::/32", "\u2028", "\u0085", "\ufeff", "\t",
    ];

    public static FuzzTarget Value { get; } = new("yaml", new Corpus("tests/Fuzz/corpus/yaml", "yaml", "config", "config/examples"), Run)
    {
        Words = [.. Words.Concat(Keys()).Select(Encoding.UTF8.GetBytes)],
    };

    // And whatever words the schema has.
    private static IEnumerable<string> Keys() => Word().Matches(File.ReadAllText(Corpus.PathOf("config/sluice.schema.json")))
        .Select(match => match.Groups[1].Value).Distinct().SelectMany(word => new[] { word, $"\n  {word}: ", $"{word}: {{" });

    [GeneratedRegex("\"([a-z][a-z0-9_]*)\"")]
    private static partial Regex Word();

    private static void Run(byte[] input)
    {
        string text = Encoding.UTF8.GetString(input);
        ConfigReadResult read = Read(text);
        Check.Equal(read.Config is null, read.Errors.Length > 0, "errors without a configuration");
        int lines = text.Split('\n', '\r', '\u0085', '\u2028', '\u2029').Length;
        foreach (ConfigDiagnostic diagnostic in read.Errors.Concat(read.Warnings))
            Check.Equal(true, diagnostic.Line >= 1 && diagnostic.Line <= lines && diagnostic.Column >= 1, diagnostic.ToString());
        if (read.Config is null)
            return;

        string printed = ConfigPrinter.Print(read.Config);
        ConfigReadResult again = Read(printed);
        Check.Equal("", string.Join('\n', again.Errors), "mistakes in what was printed");
        Check.Equal(printed, ConfigPrinter.Print(again.Config!), "what was printed");
    }

    private static ConfigReadResult Read(string text) => ConfigReader.Read(text, "fuzz.yaml", name => name == "HOST" ? "127.0.0.1:80" : null);
}
