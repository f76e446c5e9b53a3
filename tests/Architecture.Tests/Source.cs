using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Sluice.Architecture.Tests;

/// <summary>The checkout's own text.</summary>
internal static partial class Source
{
    public static string Root { get; } = FindRoot();

    /// <summary>Every C# file below a folder of the checkout that is not generated, with its text and without comments.</summary>
    public static IEnumerable<SourceFile> Files(string folder) =>
        from path in Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
        let relative = Path.GetRelativePath(Root, path)
        where !relative.Split('/').Any(part => part is "obj" or "bin")
        let text = File.ReadAllText(path)
        select new SourceFile(relative, text, Comments().Replace(text, ""));

    // Not from the current directory: a test run may begin anywhere.
    private static string FindRoot([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", ".."));

    [GeneratedRegex(@"//[^\n]*|/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comments();
}

/// <summary>A file's path from the checkout's root, its text, and its code.</summary>
internal sealed record SourceFile(string Path, string Text, string Code);
