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
    private const int AtATime = 2;
    private const int Bytes = 200;

    [Fact(Timeout = 300_000)]
    public async Task What_is_judged_at_the_sender_is_what_the_managed_engine_would_do()
    {
        BypassUnderTest.SkipWhereMissing();
        int first = Seeds.First();
        TestContext.Current.SendDiagnosticMessage($"seeds from {first} on");
        int next = first - 1;
        long judged = 0, all = 0;
        await Task.WhenAll(Enumerable.Range(0, AtATime).Select(_ => Task.Run(async () =>
        {
            for (int seed = Interlocked.Increment(ref next); seed < first + Programs; seed = Interlocked.Increment(ref next))
            {
                (long ofSender, long ofBoth) = await CompareAsync(seed);
                Interlocked.Add(ref judged, ofSender);
                Interlocked.Add(ref all, ofBoth);
            }
        })));
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
