using CsCheck;
using Sluice.Redirect.Verdicts;
using Sluice.SockMapConformance.Model;

namespace Sluice.Redirect.Tests.Verdicts;

public sealed class VerdictProperties
{
    private const int MostHeld = 24;

    private static readonly Gen<byte[][]> Arrivals = Gen.Byte.Array[1, 40].Array[0, 12];

    [Fact]
    public void The_machine_does_what_the_reference_model_does() =>
        Gen.Select(Arrivals, Gen.Int, Gen.Bool).Sample((arrivals, seed, edits) =>
        {
            Ruling Rule(ReadOnlyMemory<byte> seen, bool mayWait) => Random(seen.Span, seed, edits);
            var program = new RulingProgram((seen, _, isFinal) => Rule(seen, !isFinal));
            var pool = new CountingPool();
            var machine = new VerdictMachine(program, new MessageContext(MessageDirection.Egress), MostHeld, pool);
            var model = new ReferenceModel(Rule, MostHeld);

            List<(byte, int)> outcome = [];
            bool faulted = false;
            foreach (byte[] arrival in arrivals)
            {
                model.Offer(arrival);
                faulted = faulted || !Offer(machine, arrival, outcome);
                Assert.Equal(model.HasFaulted, faulted);
            }

            model.End();
            machine.End();
            faulted = faulted || !Drain(machine, outcome);
            Assert.Equal(model.HasFaulted, faulted);
            Assert.Equal(model.Runs.Select(run => Convert.ToHexString(run.Span)), program.Runs);
            Assert.Equal(model.Out, outcome);
            machine.Clear();
            Assert.Equal(0, pool.Outstanding);
        });

    [Fact]
    public void The_outcome_never_depends_on_the_cut_when_programs_look_at_no_more_than_they_corked_for() =>
        Gen.Select(Gen.Byte.Array[0, 200], Gen.Int, Gen.Bool, Gen.Int[1, 30].Array[1, 40], Gen.Int[1, 30].Array[1, 40])
            .Sample((stream, seed, edits, cuts, others) => Assert.Equal(Judge(stream, seed, edits, cuts), Judge(stream, seed, edits, others)));

    [Fact]
    public void Every_byte_comes_out_once_and_in_order_when_programs_insert_and_remove_nothing() =>
        Gen.Select(Arrivals, Gen.Int).Sample((arrivals, seed) =>
        {
            List<(byte Byte, int)> outcome = [];
            var program = new RulingProgram((seen, offset, _) =>
            {
                Assert.Equal(outcome.Count, offset);
                return Random(seen, seed, edits: false);
            });
            var pool = new CountingPool();
            var machine = new VerdictMachine(program, new MessageContext(MessageDirection.Egress), MostHeld, pool);
            foreach (byte[] arrival in arrivals)
            {
                Assert.True(Offer(machine, arrival, outcome));
                Assert.InRange(machine.Corked, 0, MostHeld - 1);
            }

            machine.End();
            Assert.True(Drain(machine, outcome));
            Assert.Equal(arrivals.SelectMany(a => a), outcome.Select(o => o.Byte));
            Assert.Equal(0, pool.Outstanding);
        });

    private static List<(byte, int)> Judge(byte[] stream, int seed, bool edits, int[] cuts)
    {
        // Corks for as many bytes as the first one says, decides on exactly those, edits those and says for how many it decides.
        var program = new RulingProgram((seen, offset, isFinal) =>
        {
            int needed = 1 + (seen[0] % 9);
            if (seen.Length < needed && !isFinal)
                return new Ruling(1, 0, Cork: needed);

            var random = new Random(Hash(seen.AsSpan(0, Math.Min(needed, seen.Length)), seed) ^ (int)offset);
            if (!edits)
                return new Ruling(random.Next(4), 1 + random.Next(12));

            int most = Math.Min(needed, seen.Length);
            int push = random.Next(4);
            int pop = random.Next(most + 1);
            return new Ruling(
                random.Next(4), push + 1 + random.Next(12), PushAt: random.Next(most + 1), Push: push, PopAt: random.Next(most + push - pop + 1), Pop: pop);
        });
        var pool = new CountingPool();
        var machine = new VerdictMachine(program, new MessageContext(MessageDirection.Ingress), MostHeld, pool);
        List<(byte, int)> outcome = [];
        foreach (byte[] arrival in Cutting.Cut(stream, cuts))
            Assert.True(Offer(machine, arrival, outcome));
        machine.End();
        Assert.True(Drain(machine, outcome));
        Assert.Equal(0, pool.Outstanding);
        return outcome;
    }

    private static Ruling Random(ReadOnlySpan<byte> seen, int seed, bool edits)
    {
        var random = new Random(Hash(seen, seed));
        int apply = random.Next(3) == 0 ? 0 : random.Next(1, 30);
        int cork = random.Next(2) == 0 ? 0 : random.Next(1, MostHeld + 10);
        return edits
            ? new Ruling(random.Next(4), apply, cork, random.Next(6), random.Next(4), random.Next(6), random.Next(4))
            : new Ruling(random.Next(4), apply, cork);
    }

    private static int Hash(ReadOnlySpan<byte> bytes, int seed)
    {
        foreach (byte b in bytes)
            seed = unchecked((seed * 31) + b + 1);
        return seed;
    }

    private static bool Offer(VerdictMachine machine, byte[] arrival, List<(byte, int)> outcome)
    {
        byte[] buffer = [.. arrival];
        machine.Offer(buffer);
        bool sound = Drain(machine, outcome);
        buffer.AsSpan().Fill(0xEE); // the caller's buffer is used again
        return sound;
    }

    private static bool Drain(VerdictMachine machine, List<(byte, int)> outcome)
    {
        try
        {
            while (machine.Next(out Segment segment))
            {
                foreach (byte b in segment.Bytes.Span)
                    outcome.Add((b, RulingProgram.KeyOf(segment.Decision)));
            }

            return true;
        }
        catch (ProgramFaultException)
        {
            return false;
        }
    }
}
