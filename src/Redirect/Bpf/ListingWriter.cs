using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Sluice.Redirect.Bpf;

/// <summary>Writes a program for people, in the notation of the verifier's own log but with names for labels, maps and helpers.</summary>
internal static class ListingWriter
{
    internal static string Write(ProgramImage image, ImmutableArray<Annotation> annotations)
    {
        var text = new StringBuilder();
        int next = 0;
        for (int at = 0; at < image.Instructions.Length; at += Size(image, at))
        {
            for (; next < annotations.Length && annotations[next].Instruction <= at; next++)
                Annotate(text, annotations[next]);
            text.Append(Line(image, annotations, at)).Append('\n');
        }

        for (; next < annotations.Length; next++)
            Annotate(text, annotations[next]);
        return text.ToString();
    }

    internal static string Line(ProgramImage image, ImmutableArray<Annotation> annotations, int at)
    {
        if (at > 0 && Size(image, at - 1) == 2)
            at--;
        var instruction = Instruction.Decode(image.Instructions[at]);
        string words = (instruction.Opcode, instruction.Opcode & Opcode.ClassMask) switch
        {
            (Opcode.LoadWide, _) => Wide(image, instruction, at),
            (_, Opcode.ClassJump or Opcode.ClassJump32) => JumpText.Of(instruction, LabelOf(annotations, at, instruction)),
            _ => InstructionText.Of(instruction),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{at,5}: {words}");
    }

    private static void Annotate(StringBuilder text, Annotation annotation) =>
        text.Append(annotation.IsLabel ? "" : "       ; ").Append(annotation.Text).Append(annotation.IsLabel ? ":\n" : "\n");

    private static int Size(ProgramImage image, int at) => (byte)image.Instructions[at] == Opcode.LoadWide ? 2 : 1;

    private static string Wide(ProgramImage image, Instruction first, int at)
    {
        var second = Instruction.Decode(image.Instructions[at + 1]);
        string name = InstructionText.Name(first.Destination);
        if (first.Source == Opcode.IsNumber)
            return string.Create(CultureInfo.InvariantCulture, $"{name} = 0x{((ulong)(uint)second.Immediate << 32) | (uint)first.Immediate:x} ll");

        string map = image.Relocations.First(relocation => relocation.Instruction == at).Map;
        return first.Source == Opcode.IsMap
            ? $"{name} = map {map}"
            : string.Create(CultureInfo.InvariantCulture, $"{name} = map {map} value +{second.Immediate}");
    }

    private static string LabelOf(ImmutableArray<Annotation> annotations, int at, Instruction jump)
    {
        int place = at + 1 + (jump.Opcode == Opcode.LongGoto ? jump.Immediate : jump.Offset);
        return annotations.FirstOrDefault(annotation => annotation.IsLabel && annotation.Instruction == place).Text
            ?? place.ToString(CultureInfo.InvariantCulture);
    }
}
