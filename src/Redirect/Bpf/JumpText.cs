using System.Globalization;
using System.Text;

namespace Sluice.Redirect.Bpf;

/// <summary>Jumps, calls and exit in the verifier's notation.</summary>
internal static class JumpText
{
    internal static string Of(Instruction jump, string label) => jump.Opcode switch
    {
        Opcode.Exit => "exit",
        Opcode.Goto or Opcode.LongGoto => $"goto {label}",
        Opcode.Call when jump.Source == Opcode.IsKernelFunction =>
            string.Create(CultureInfo.InvariantCulture, $"call kernel function {jump.Immediate}"),
        Opcode.Call => $"call {HelperName((Helper)jump.Immediate)}",
        _ => $"if {Comparison(jump)} goto {label}",
    };

    private static string Comparison(Instruction jump)
    {
        char width = (jump.Opcode & Opcode.ClassMask) == Opcode.ClassJump ? 'r' : 'w';
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{width}{(byte)jump.Destination} {Sign((Condition)(jump.Opcode & Opcode.OperationMask))} {InstructionText.Source(jump, width)}");
    }

    private static string Sign(Condition condition) => condition switch
    {
        Condition.Equal => "==",
        Condition.NotEqual => "!=",
        Condition.Above => ">",
        Condition.AboveOrEqual => ">=",
        Condition.Below => "<",
        Condition.BelowOrEqual => "<=",
        Condition.Greater => "s>",
        Condition.GreaterOrEqual => "s>=",
        Condition.Less => "s<",
        Condition.LessOrEqual => "s<=",
        _ => "&",
    };

    // As in bpf-helpers(7): MsgApplyBytes is msg_apply_bytes there.
    private static string HelperName(Helper helper)
    {
        var name = new StringBuilder();
        foreach (char c in helper.ToString())
        {
            if (char.IsUpper(c) && name.Length > 0)
                name.Append('_');
            name.Append(char.ToLowerInvariant(c));
        }

        return name.ToString();
    }
}
