using Sluice.Redirect.Compilation;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Tests.Compilation;

/// <summary>What holds of every plan, whoever has thought of its rules.</summary>
internal static class PlanChecks
{
    /// <summary>On a stream's first bytes a plan decides as the rules say, and asks for no byte too many.</summary>
    public static void Prefix(VerdictPlan plan, Naive naive, MessageContext context, byte[] stream, int length, bool isFinal)
    {
        var shadows = new SeenShadows();
        Ruling ruling = plan.Decide(new MessageView(stream.AsSpan(0, length), context, 3, isFinal), ref shadows);
        Assert.Equal(ruling, plan.Decide(new MessageView(stream.AsSpan(0, length), context, 3, isFinal)));
        Assert.Equal(naive.Decide(stream[..length], 3, isFinal), ruling.IsDecided ? ruling.Rule : null);
        if (ruling.IsDecided)
        {
            Assert.Equal(naive.Shadows(stream[..length], 3, isFinal, ruling.Rule), shadows.Seen);
            return;
        }

        Assert.Empty(shadows.Seen);
        Assert.True(ruling.NeededBytes > length);
        // Where nothing waits by itself, a rule before the one that gathers bytes may come true meanwhile; it is asked then.
        if (!plan.Rules.CorksAsNeeded)
            return;

        for (int fewer = length; fewer < Math.Min(ruling.NeededBytes, stream.Length + 1); fewer++)
            Assert.Null(naive.Decide(stream[..fewer], 3, isFinal: false));
    }
}
