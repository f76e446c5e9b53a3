using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Tests.Maps;

internal sealed class Pass : IVerdictProgram
{
    public Verdict Run(Message message) => Verdict.Pass;
}

internal sealed class Whole : IStreamParser
{
    public int Parse(Message message) => message.Data.Length;
}
