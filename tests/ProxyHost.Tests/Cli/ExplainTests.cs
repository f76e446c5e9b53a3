using Sluice.ProxyHost.Tests.Configuration;
using Sluice.ProxyHost.Tests.Docs;

namespace Sluice.ProxyHost.Tests.Cli;

/// <summary>Each explanation kept in a file begins with the command that it is of.</summary>
public sealed class ExplainTests
{
    private const string Folder = "tests/ProxyHost.Tests/Cli/Explanations";

    public static TheoryData<string> Kept =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, Folder), "*.txt").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Examples => [.. Repository.Examples.Select(e => Path.GetRelativePath(Repository.Root, e))];

    [Theory]
    [MemberData(nameof(Kept))]
    public async Task An_explanation_is_as_it_was_kept(string file)
    {
        string kept = Repository.Read($"{Folder}/{file}");
        (int exit, string output, _) = await Transcript.Run(kept.Split('\n')[0]);
        Assert.Equal((0, kept), (exit, kept.Split('\n')[0] + "\n" + output));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Every_example_is_explained_without_a_warning(string example)
    {
        (int exit, string output, string error) = await Transcript.Run($"$ sluice explain {example} --plan --text 'GET / HTTP/1.1\\r\\n'");
        Assert.Equal((0, ""), (exit, error));
        Assert.StartsWith("listener ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_example_has_an_explanation_that_was_kept() => Assert.All(
        Directory.GetFiles(Path.Combine(Repository.Root, "config/examples"), "*.yaml"),
        example => Assert.Contains($"{Path.GetFileNameWithoutExtension(example)}.txt", Kept.Select(row => row.Data)));

    [Fact]
    public async Task The_page_on_programs_shows_a_real_one()
    {
        string[] shown = [.. Markdown.Transcripts("docs/programs.md")];
        Assert.NotEmpty(shown);
        foreach (string transcript in shown)
        {
            string command = transcript.Split('\n')[0];
            Assert.Equal(transcript, command + "\n" + (await Transcript.Run(command)).Output);
        }
    }

    [Theory]
    [InlineData("--listener wep", "there is no listener named `wep`; did you mean `web`?")]
    [InlineData("--listener other", "there is no listener named `other`; the listeners here are `web`")]
    [InlineData("--text a --bytes 00", "--bytes and --text both give bytes; keep one of them")]
    [InlineData("--cut 1", "--cut says something of bytes, and none are given")]
    [InlineData("--from upstream", "--from says something of bytes, and none are given")]
    [InlineData("--text a --from server", "--from: expected `client` or `upstream`, found `server`")]
    [InlineData("--text a --source 10.1", "--source: `10.1` is not an IP address")]
    [InlineData("--text a --source ::1", "the listener `web` has no client with an address such as ::1")]
    [InlineData("--text a --cut 1,0", "--cut: `1,0` is not a list of sizes")]
    [InlineData("--bytes 0x16", "--bytes: `0x16` is not bytes in hex; leave the 0x out")]
    [InlineData(@"--text a\q", @"--text: `\q` is no escape")]
    [InlineData(@"--text a\x1", @"--text: `\x1` is no escape")]
    [InlineData(@"--text \", @"--text: `\` is no escape")]
    public async Task A_wrong_option_exits_64(string options, string message)
    {
        using var file = new ScratchFile(Reading.Minimal);
        (int exit, string output, string error) = await Transcript.Run($"$ sluice explain {file.Path} {options}");
        Assert.Equal((64, ""), (exit, output));
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_bytes_is_explained_and_a_missing_one_exits_66()
    {
        using var file = new ScratchFile(Reading.Minimal);
        using var bytes = new ScratchFile("@abc");
        (_, string output, _) = await Transcript.Run($"$ sluice explain {file.Path} --file {bytes.Path} --cut 3");
        Assert.EndsWith("4 bytes from client 127.0.0.1:50000 to 127.0.0.1:80, in pieces of 3, 1\n  no program: 4 bytes go to cluster web unchanged; the FIN goes on to cluster web\n", output, StringComparison.Ordinal);
        (int exit, output, string error) = await Transcript.Run($"$ sluice explain {file.Path} --file {bytes.Path}.none");
        Assert.Equal((66, ""), (exit, output));
        Assert.Contains("the file cannot be read", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(@"a\r\n\t\0\x7f\xFF\\\""@é", "61 0d 0a 09 00 7f ff 5c 22 40 c3 a9")]
    [InlineData("@a", "40 61")]
    public async Task A_text_is_the_bytes_of_its_escapes(string text, string hex)
    {
        using var file = new ScratchFile(Reading.Program("    rules: [{ name: r, verdict: pass }]"));
        (int exit, string output, _) = await Transcript.Run($"$ sluice explain {file.Path} --text '{text}'");
        Assert.Equal((0, output), (exit, (await Transcript.Run($"$ sluice explain {file.Path} --bytes '{hex}'")).Output));
        Assert.Contains($"{hex.Split(' ').Length} bytes at hand", output, StringComparison.Ordinal);
    }
}
