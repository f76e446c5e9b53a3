using System.Text.RegularExpressions;

namespace Sluice.Architecture.Tests;

/// <summary>Which folder of the library may know which other. The folders' order is the design.</summary>
public sealed partial class ArrowTests
{
    // A folder may also know its own parents. Whatever is not named here is not allowed.
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        [""] = [],
        ["Verdicts"] = [],
        ["Rules"] = ["Verdicts"],
        ["Rules/Tls"] = [],
        ["Bpf"] = [],
        ["Compilation"] = ["Verdicts", "Rules", "Rules/Tls", "Bpf"],
        ["Compilation/Kernel"] = ["Verdicts", "Rules", "Bpf"],
        ["Maps"] = ["Verdicts", "Maps/Descriptors"],
        // A descriptor's number is all that an update by number has, so the kernel must be asked what it is.
        ["Maps/Descriptors"] = ["Linux"],
        ["Maps/Kernel"] = ["Verdicts", "Linux", "Bpf"],
        ["Splicing"] = ["Verdicts", "Maps"],
        ["Splicing/Pipes"] = [],
        // The kernel's pipes, which splice(2) goes through, belong to the copy loop's own direction of a stream.
        ["Splicing/Pairs"] = ["Reactors", "Verdicts"],
        ["Splicing/Managed"] = ["Verdicts", "Maps", "Reactors", "Linux", "Splicing/Pairs", "Splicing/Programs"],
        ["Splicing/Programs"] = ["Verdicts", "Maps", "Reactors", "Splicing/Pairs"],
        ["Splicing/Kernel"] = ["Verdicts", "Bpf", "Compilation", "Compilation/Kernel", "Maps", "Maps/Kernel", "Reactors", "Linux", "Splicing/Managed", "Splicing/Pairs"],
        // Its trials are proxied connections with everything that belongs to them.
        ["Splicing/Kernel/Preflight"] = ["Reactors", "Linux", "Splicing/Managed"],
        ["Splicing/Bypass"] = ["Verdicts", "Bpf", "Compilation/Kernel", "Maps", "Maps/Kernel", "Reactors", "Linux", "Splicing/Kernel", "Splicing/Pairs"],
        ["Splicing/Bypass/Preflight"] = ["Reactors", "Splicing/Kernel", "Splicing/Kernel/Preflight"],
        ["Linux"] = [],
        // Of Transports the contract's values (BindException, ConnectResult); of Maps what a socket must be to lie in one, as
        // the kernel's sockets know of their psock. Maps know nothing of reactors.
        ["Reactors"] = ["Linux", "Transports", "Maps", "Verdicts"],
        // Of Linux what inherited sockets and their way from process to process need: both kinds of transport use them.
        ["Transports"] = ["Linux", "Reactors", "Splicing", "Splicing/Bypass", "Splicing/Kernel", "Splicing/Managed", "Splicing/Pipes"],
        ["Privileges"] = ["Linux"],
        // A pure reader and writer of bytes.
        ["ProxyProtocol"] = [],
    };

    private static readonly string[] Folders = [.. Allowed.Keys.Where(folder => folder.Length > 0)];

    [Fact]
    public void FoldersKnowOnlyWhatTheDesignAllows()
    {
        List<string> wrong = [];
        foreach (SourceFile file in Source.Files("src/Redirect"))
        {
            string folder = FolderOf(file.Path);
            Assert.True(Allowed.ContainsKey(folder), $"{file.Path} lies in a folder the design does not have");
            wrong.AddRange(References(file.Code)
                .Where(other => other != folder && !folder.StartsWith(other + "/", StringComparison.Ordinal) && !Allowed[folder].Contains(other))
                .Select(other => $"{file.Path} knows {other}"));
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void OnlyTheTransportsKnowBothReactorsAndPipes() =>
        Assert.All(
            Source.Files("src/Redirect").Where(file => References(file.Code).Contains("Splicing/Pipes")),
            file => Assert.Contains(FolderOf(file.Path), new[] { "Transports", "Splicing/Pipes" }));

    private static string FolderOf(string path) => Path.GetRelativePath("src/Redirect", Path.GetDirectoryName(path)!) is var folder and not "." ? folder : "";

    // Namespaces follow folders, so a reference is a using or a name qualified in full, or from the library's own namespace
    // on; those folders are left out there whose names are names of members as well. The longest match is meant.
    private static HashSet<string> References(string code) =>
        [.. Qualified().Matches(code)
            .Select(match => match.Groups[1].Value.Replace('.', '/'))
            .Select(name => Folders.Where(folder => name == folder || name.StartsWith(folder + "/", StringComparison.Ordinal)).MaxBy(folder => folder.Length))
            .OfType<string>()];

    [GeneratedRegex(@"(?:Sluice\.Redirect\.|(?<![\w.])(?=(?:Linux|Bpf|Splicing|Transports|Compilation|Verdicts)\.[A-Z]))([A-Za-z.]+)")]
    private static partial Regex Qualified();
}
