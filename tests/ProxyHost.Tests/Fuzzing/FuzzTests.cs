using Sluice.Fuzz;
using Sluice.Fuzz.Targets;

namespace Sluice.ProxyHost.Tests.Fuzzing;

/// <summary>Each target for a little, without instrumentation, and the loop itself.</summary>
public sealed class FuzzTests : IDisposable
{
    private const int Runs = 3000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sluice-fuzz-");

    public static TheoryData<string> Targets => [.. FuzzTargets.All.Select(target => target.Name)];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Targets))]
    public void A_target_copes_with_its_corpus_and_with_changes_of_it(string name)
    {
        var loop = new FuzzLoop(FuzzTargets.All.Single(target => target.Name == name), seed: 1);
        FuzzFinding? finding = loop.Run(run => run.Runs < Runs);
        Assert.True(finding is null, finding is null ? "" : $"{Convert.ToHexString(finding.Input)}: {finding.Error}");
        Assert.Equal(Runs, loop.Runs);
        Assert.NotEqual(1, loop.Kept);
    }

    [Fact]
    public void What_the_loop_finds_is_made_short_and_kept()
    {
        var corpus = new Corpus(_folder.FullName, "hex");
        corpus.Write("seed", [.. Enumerable.Repeat((byte)'a', 50)], "a seed");
        var target = new FuzzTarget("planted", corpus, input => Check.Equal(-1, input.AsSpan().IndexOf("bug"u8), "the place of the bug")) { Words = ["bug"u8.ToArray()] };

        FuzzFinding? finding = new FuzzLoop(target, seed: 1).Run(loop => loop.Runs < 10_000);
        Assert.Equal("bug"u8.ToArray(), finding?.Input);
        string path = corpus.Write("found", finding!.Input, finding.Error.Message);
        Assert.Equal(["# the place of the bug: -1 expected, 0 found", "627567"], File.ReadAllLines(path));
        Assert.Contains(corpus.Read(), kept => kept.AsSpan().SequenceEqual("bug"u8));
    }
}
