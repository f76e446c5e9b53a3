using Sluice.Redirect.Rules;
using Sluice.Redirect.Tests.Compilation.Kernel;

namespace Sluice.Functional;

/// <summary>
/// Random programs judged where the application sends, over real sockets, against the managed engine: the same bytes, the same counts, the
/// same end, however the stream is cut into sends.
/// </summary>
public sealed class JudgedSendDifferential
{
    private const int Programs = 1000;
    private const int Bytes = 200;

    [Fact(Timeout = 300_000)]
    public async Task What_is_judged_at_the_sender_is_what_the_managed_engine_would_do()
    {
        BypassUnderTest.SkipWhereMissing();
        int first = Seeds.First();
        TestContext.Current.SendDiagnosticMessage($"seeds from {first} on");
        long judged = 0, all = 0;
        // One after the other: each has to leave no descriptor behind.
        for (int seed = first; seed < first + Programs; seed++)
        {
            (long ofSender, long ofBoth) = await CompareAsync(seed);
            (judged, all) = (judged + ofSender, all + ofBoth);
        }

        TestContext.Current.SendDiagnosticMessage($"{judged} of {all} decisions were made at the sender");
        Assert.InRange(judged, all / 8, all);
    }

    private static async Task<(long OfSender, long OfBoth)> CompareAsync(int seed)
    {
        try
        {
            var random = new SendRules(seed);
            RuleSet rules = random.Next();
            await using JudgedLink link = await JudgedLink.OpenAsync(rules);
            foreach (byte[] send in random.Sends(rules, Bytes))
            {
                if (!link.Reference.IsReset)
                    await link.SendAsync(send);
            }

            await link.EndAsync();
            return (link.AllAtTheSender(), link.Reference.Counts.Sum());
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"seed {seed}: set {Seeds.Variable}={seed} to begin with it", failure);
        }
    }
}
