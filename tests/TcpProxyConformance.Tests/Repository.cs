using System.Runtime.CompilerServices;

namespace TcpProxyConformance.Tests;

/// <summary>Files of the checkout that tests hold to what they say.</summary>
internal static class Repository
{
    /// <summary>Set, a test writes what it would compare.</summary>
    public const string Write = "SLUICE_WRITE_DOCS";

    public static bool IsWritten => Environment.GetEnvironmentVariable(Write) == "1";

    public static string PathOf(string file) => Path.Combine(Root(), file);

    /// <summary>What stands between two marks of a file.</summary>
    public static string Between(string file, string begin, string end) => Parts(file, begin, end).Middle;

    /// <summary>Puts something else there.</summary>
    public static void Replace(string file, string begin, string end, string text)
    {
        (string before, _, string after) = Parts(file, begin, end);
        File.WriteAllText(PathOf(file), before + text + after);
    }

    private static (string Before, string Middle, string After) Parts(string file, string begin, string end)
    {
        string text = File.ReadAllText(PathOf(file));
        int from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length, to = text.IndexOf(end, StringComparison.Ordinal);
        Assert.True(from >= begin.Length && to >= from, $"{file} does not have {begin} and {end}");
        return (text[..from], text[from..to], text[to..]);
    }

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
