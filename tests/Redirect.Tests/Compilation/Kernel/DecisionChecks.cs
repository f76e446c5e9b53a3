using Sluice.Redirect.Compilation;
using Sluice.Redirect.Compilation.Kernel;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Tests.Compilation.Kernel;

/// <summary>What holds of every plan in the form of a program of the kernel.</summary>
internal static class DecisionChecks
{
    /// <summary>Runs a program on a message and compares; true: it has decided, false: it handed over and had to.</summary>
    public static bool Message(VerdictPlan plan, SimulatedProgram program, BpfProgramKind kind, MessageContext context, byte[] message, bool isWhole)
    {
        var shadows = new SeenShadows();
        Ruling ruling = plan.Decide(new MessageView(message, context, 3, isFinal: false), ref shadows);
        RuleAction action = plan.ActionOf(ruling.Rule);
        ulong[] before = program.Counts();
        program.Window = 0;
        int result = program.Run(message, 3);
        if (result == PlanProgram.HandedOver)
        {
            bool mustHandOver = !ruling.IsDecided || IsRefused(action, kind)
                || ((kind == BpfProgramKind.SkSkb || plan.Rules.Framing is not null) && action.ApplyBytes > 0 && action.ApplyBytes < message.Length)
                || (action.Verdict == RuleVerdict.Drop && action.ApplyBytes > 0 && action.ApplyBytes < message.Length)
                || Edited(action, message).Length == 0;
            Assert.True(mustHandOver || !isWhole);
            Assert.Equal(before, program.Counts());
            Assert.Equal(message, program.Message);
            return false;
        }

        Assert.True(ruling.IsDecided);
        Assert.Equal(ruling.Rule, program.Rule);
        Assert.Equal(action.Verdict == RuleVerdict.Drop ? PlanProgram.Dropped : PlanProgram.Passed, result);
        foreach (int rule in shadows.Seen.Append(ruling.Rule))
            before[rule]++;
        Assert.Equal(before, program.Counts());

        int left = action.ApplyBytes is 0 or RuleAction.RestOfStream ? action.ApplyBytes : Math.Max(0, action.ApplyBytes - message.Length);
        if (action.Verdict == RuleVerdict.Drop)
            Assert.Equal(message, program.Message); // it is for the program around to take it out
        else if (kind == BpfProgramKind.SkMsg)
            CheckChanges(program, action, message);
        Assert.Equal((uint)left | (left > 0 && action.Verdict == RuleVerdict.Drop ? 1UL << 32 : 0UL), program.Window);
        return true;
    }

    private static void CheckChanges(SimulatedProgram program, RuleAction action, byte[] message)
    {
        int taken = Taken(action, message);
        byte[] edited = Edited(action, message);
        Assert.Equal(taken, program.Taken);
        Assert.Equal(Convert.ToHexString([.. edited, .. message[taken..]]), Convert.ToHexString(program.Message));
        Assert.Equal(taken < message.Length ? edited.Length : 0, program.Applied);
    }

    private static int Taken(RuleAction action, byte[] message) => action.ApplyBytes == 0 ? message.Length : Math.Min(action.ApplyBytes, message.Length);

    // What the decision is for, with bytes removed and then bytes inserted.
    private static byte[] Edited(RuleAction action, byte[] message)
    {
        List<byte> bytes = [.. message[..Taken(action, message)]];
        if (action.Pop is { } pop && pop.Offset < bytes.Count)
            bytes.RemoveRange(pop.Offset, Math.Min(pop.Count, bytes.Count - pop.Offset));
        if (action.Push is { } push)
            bytes.InsertRange(Math.Min(push.Offset, bytes.Count), push.Bytes);
        return [.. bytes];
    }

    private static bool IsRefused(RuleAction action, BpfProgramKind kind) => action.Verdict switch
    {
        RuleVerdict.Pass => kind == BpfProgramKind.SkSkb && (action.Push is not null || action.Pop is not null),
        RuleVerdict.Drop => false,
        _ => true,
    };
}
