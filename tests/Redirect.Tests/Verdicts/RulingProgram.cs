using Sluice.Redirect.Verdicts;
using Sluice.SockMapConformance.Model;

namespace Sluice.Redirect.Tests.Verdicts;

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
