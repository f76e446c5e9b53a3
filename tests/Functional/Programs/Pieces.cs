using Sluice.Redirect;
using Sluice.Redirect.Verdicts;

namespace Sluice.Functional;

/// <summary>Passes everything, by verdicts that stand for different numbers of bytes.</summary>
internal sealed class Pieces : IVerdictProgram
{
    public Verdict Run(Message message)
    {
        int phase = (int)(message.StreamOffset % 7);
        Assert.Equal(Errno.None, message.ApplyBytes(phase == 5 ? 0 : 1 + (phase * 10_007)));
        return Verdict.Pass;
    }
}
