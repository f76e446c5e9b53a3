using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Sluice.Redirect.Tests.Rules.Tls;

namespace Sluice.Fuzz;

/// <summary>A folder of inputs: as they are, or as hex when the extension is <c>hex</c>.</summary>
/// <param name="Folder">From the checkout's root. What is found is written here.</param>
/// <param name="Extension">Of the files, without a dot.</param>
/// <param name="More">Folders with more of them that are kept for another purpose.</param>
internal sealed record Corpus(string Folder, string Extension, params string[] More)
{
    private static string Root { get; } = FindRoot();

    /// <summary>All inputs, in an order that is always the same.</summary>
    public IEnumerable<byte[]> Read() =>
        from folder in More.Prepend(Folder)
        from path in Directory.GetFiles(PathOf(folder), $"*.{Extension}").Order(StringComparer.Ordinal)
        select Extension == "hex" ? HelloFile.Read(path).Bytes : File.ReadAllBytes(path);

    /// <summary>Keeps an input; returns the file.</summary>
    /// <param name="kind">What the file's name begins with.</param>
    /// <param name="input">The input.</param>
    /// <param name="why">One line, kept with it where the format has comments.</param>
    public string Write(string kind, byte[] input, string why)
    {
        string path = Path.Combine(PathOf(Folder), $"{kind}-{Convert.ToHexStringLower(SHA256.HashData(input)[..4])}.{Extension}");
        if (Extension == "hex")
            File.WriteAllLines(path, [$"# {why}", .. Convert.ToHexStringLower(input).Chunk(64).Select(line => new string(line))]);
        else
            File.WriteAllBytes(path, input);
        return path;
    }

    /// <summary>A file or folder of the checkout.</summary>
    public static string PathOf(string path) => Path.Combine(Root, path);

    private static string FindRoot([CallerFilePath] string thisFile = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", ".."));
}
