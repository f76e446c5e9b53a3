using Sluice.Redirect.Tests.Verdicts;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Tests.Compilation;

/// <summary>The clusters of the tests: one that is there, under 7, and one that is not, under 8.</summary>
internal sealed class Clusters : IRedirectMap<uint>
{
    public static FakeSocket There { get; } = new(70);

    public IRedirectSocket? Find(in uint key) => key == 7 ? There : null;

    public static uint IndexOf(string name) => name == "there" ? 7u : 8u;
}

/// <summary>Keeps which rules it heard of.</summary>
internal sealed class Heard : IVerdictObserver
{
    public List<int> Rules { get; } = [];

    public List<IVerdictProgram> Programs { get; } = [];

    public void OnRule(IVerdictProgram program, int rule)
    {
        Rules.Add(rule);
        Programs.Add(program);
    }
}
