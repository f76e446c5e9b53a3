using CsCheck;
using Sluice.Redirect.Bpf;

namespace Sluice.Redirect.Tests.Bpf;

public sealed class InstructionProperties
{
    private static readonly Gen<Instruction> AnyInstruction = Gen.Select(
        Gen.Byte, Gen.Int[0, 15], Gen.Int[0, 15], Gen.Short, Gen.Int,
        (opcode, destination, source, offset, immediate) => new Instruction(opcode, (Register)destination, (Register)source, offset, immediate));

    [Fact]
    public void What_is_encoded_decodes_to_itself() =>
        AnyInstruction.Sample(instruction => Assert.Equal(instruction, Instruction.Decode(instruction.Encode())));

    [Fact]
    public void Every_number_is_an_instruction_of_its_own() =>
        Gen.ULong.Sample(bits => Assert.Equal(bits, Instruction.Decode(bits).Encode()));

    // Random programs: all jumps arrive where their label is, whatever lies between.
    [Fact]
    public void Jumps_arrive_at_their_labels() => Gen.Select(Gen.Int[0, 20].Array[1, 40], Gen.Int).Sample((jumps, seed) =>
    {
        var random = new Random(seed);
        var a = new Assembler();
        Label[] labels = [.. Enumerable.Range(0, 21).Select(i => a.NewLabel($"l{i}"))];
        int[] places = new int[labels.Length];
        List<(int At, int Label)> made = [];
        int next = 0;
        foreach (int jump in jumps)
        {
            for (; next < labels.Length && random.Next(2) == 0; next++)
                Mark(next);
            if (random.Next(3) == 0)
                a.MoveWide(Register.R1, 1);
            made.Add((a.Count, jump));
            if (random.Next(2) == 0)
                a.Jump(labels[jump]);
            else
                a.JumpIf(Register.R1, Condition.Equal, 0, labels[jump]);
        }

        for (; next < labels.Length; next++)
            Mark(next);
        a.Exit();
        ProgramImage image = a.Build();
        foreach ((int at, int label) in made)
            Assert.Equal(places[label], at + 1 + Instruction.Decode(image.Instructions[at]).Offset);

        void Mark(int label)
        {
            places[label] = a.Count;
            a.Mark(labels[label]);
        }
    });
}
