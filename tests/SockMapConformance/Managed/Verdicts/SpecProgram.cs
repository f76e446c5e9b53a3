using Sluice.Redirect;
using Sluice.Redirect.Maps;
using Sluice.Redirect.Verdicts;

namespace Sluice.SockMapConformance.Behaviour;

/// <summary>What the managed engine makes of a <see cref="ProgramSpec"/>.</summary>
internal sealed class SpecProgram(ProgramSpec spec, SockMap numbers, SockHash tuples) : RunCounter, IVerdictProgram
{
    public Verdict Run(Message message)
    {
        CountRun();
        ProgramSpec chosen = spec;
        while (chosen.When is { } condition && !Holds(condition, message))
            chosen = chosen.Otherwise ?? ProgramSpec.Pass;

        Expect(message.ApplyBytes(chosen.Apply));
        Expect(message.CorkBytes(chosen.Cork));
        if (chosen.Pull.End > 0)
            Expect(message.PullData(chosen.Pull.Start, chosen.Pull.End));
        Expect(message.PushData(chosen.Push.Start, chosen.Push.Count));
        Expect(message.PopData(chosen.Pop.Start, chosen.Pop.Count));
        return chosen.Outcome switch
        {
            Outcome.Pass => Verdict.Pass,
            Outcome.Drop => Verdict.Drop,
            _ => Redirect(message, chosen),
        };
    }

    private static bool Holds(Condition condition, Message message) => condition.Value == condition.Field switch
    {
        Field.FirstByte => message.Data[0],
        _ => message.Context.Key.Local.Port,
    };

    private Verdict Redirect(Message message, ProgramSpec chosen)
    {
        RedirectFlags flags = chosen.Ingress ? RedirectFlags.Ingress : RedirectFlags.Egress;
        SocketKey key = message.Context.Key;
        return chosen.By switch
        {
            Lookup.Number => message.Redirect(numbers, (uint)chosen.To, flags),
            Lookup.OwnKey => message.Redirect(tuples, key, flags),
            _ => message.Redirect(tuples, key.Reversed(), flags),
        };
    }

    private void Expect(Errno errno) => Refused += errno == Errno.None ? 0 : 1;
}

/// <summary>What it makes of a <see cref="ParserSpec"/>.</summary>
internal sealed class SpecParser(ParserSpec spec) : RunCounter, IStreamParser
{
    public int Parse(Message message)
    {
        CountRun();
        ReadOnlySpan<byte> data = message.Data;
        if (spec.Length > 0)
            return spec.Length;

        return data.Length < spec.HeaderBytes
            ? 0
            : spec.HeaderBytes + System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(data[spec.LengthAt..]);
    }
}
