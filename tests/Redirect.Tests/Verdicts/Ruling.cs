using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Tests.Verdicts;

/// <summary>What a generated program says of some bytes. Key 0 drops, 1 passes, others redirect to the socket of that name.</summary>
internal readonly record struct Ruling(int Key, int Apply, int Cork = 0, int PushAt = 0, int Push = 0, int PopAt = 0, int Pop = 0);

/// <summary>A program that is a function from what it sees to a ruling, and keeps what it saw.</summary>
internal sealed class RulingProgram(Func<byte[], long, bool, Ruling> rule) : IVerdictProgram
{
    private readonly FakeMap _map = new() { [2] = new FakeSocket(2), [3] = new FakeSocket(3) };

    public List<string> Runs { get; } = [];

    public Verdict Run(Message message)
    {
        Runs.Add(Convert.ToHexString(message.Data));
        Ruling ruling = rule(message.Data.ToArray(), message.StreamOffset, message.IsFinal);
        message.ApplyBytes(ruling.Apply);
        message.CorkBytes(ruling.Cork);
        message.PushData(ruling.PushAt, ruling.Push);
        message.PopData(ruling.PopAt, ruling.Pop);
        return ruling.Key switch
        {
            0 => Verdict.Drop,
            1 => Verdict.Pass,
            _ => message.Redirect(_map, ruling.Key),
        };
    }

    public static int KeyOf(Decision decision) => decision.Kind switch
    {
        DecisionKind.Drop => 0,
        DecisionKind.Pass => 1,
        _ => (int)decision.Socket!.Cookie,
    };
}
