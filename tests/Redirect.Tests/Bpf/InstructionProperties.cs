using CsCheck;
using Sluice.Redirect.Bpf;
using Sluice.Redirect.Tests.Compilation.Kernel;

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

    // Random programs of jumps forward, in which each other instruction sets a bit of its own.
    [Fact]
    public void Jumps_arrive_at_their_labels() => Gen.Select(Gen.Int[0, 63].Array[1, 63], Gen.Int).Sample((places, seed) =>
    {
        var random = new Random(seed);
        var a = new Assembler();
        Label[] labels = [.. Enumerable.Range(0, 64).Select(i => a.NewLabel($"l{i}"))];
        a.Move(Register.R0, 0);
        ulong expected = 0;
        int next = 0;
        for (int i = 0; i < 64; i++)
        {
            a.Mark(labels[i]);
            a.MoveWide(Register.R2, 1UL << i);
            a.Or(Register.R0, Register.R2);
            int to = i < places.Length ? Math.Max(places[i], i + 1) : 64;
            int kind = to == 64 ? 0 : random.Next(3);
            if (i == next)
                (expected, next) = (expected | (1UL << i), kind == 0 ? i + 1 : to);
            if (kind == 1)
                a.Jump(labels[to]);
            else if (kind == 2)
                a.JumpIf(Register.R2, Condition.NotEqual, 0, labels[to]);
        }

        a.Exit();
        ProgramImage image = a.Build();
        Assert.Equal(expected, new Machine([.. image.Instructions], (_, _) => 0).Run());
    });
}
