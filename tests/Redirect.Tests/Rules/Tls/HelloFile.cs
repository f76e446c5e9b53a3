using System.Runtime.CompilerServices;

namespace Sluice.Redirect.Tests.Rules.Tls;

/// <summary>
/// A stream that is kept as hex: comments begin with <c>#</c>, and one of them may say what is expected, as in
/// <c># expected: Complete www.example.com h2,http/1.1</c>, where <c>-</c> is none.
/// </summary>
internal sealed record HelloFile(byte[] Bytes, string? Expected)
{
    private const string Expectation = "# expected: ";

    public static string Folder { get; } = Path.Combine(ThisFolder(), "corpus");

    public static HelloFile Read(string path)
    {
        string[] lines = File.ReadAllLines(path);
        return new HelloFile(
            Convert.FromHexString(string.Concat(lines.Where(line => !line.StartsWith('#')))),
            lines.FirstOrDefault(line => line.StartsWith(Expectation, StringComparison.Ordinal))?[Expectation.Length..]);
    }

    private static string ThisFolder([CallerFilePath] string thisFile = "") => Path.GetDirectoryName(thisFile)!;
}
