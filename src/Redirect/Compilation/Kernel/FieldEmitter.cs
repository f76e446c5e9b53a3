using Sluice.Redirect.Bpf;
using Sluice.Redirect.Rules;
using static Sluice.Redirect.Bpf.Register;

namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>Tests of what is known without the message's bytes. Sockets are TCP sockets, over IPv4 or IPv6.</summary>
internal sealed class FieldEmitter(Assembler assembler, BpfProgramKind kind, Direction side)
{
    private readonly ContextField _context = ContextField.Of(kind);

    internal void Emit(NumberTest test, in Branches to)
    {
        Label isIn = to.True;
        Read(test.Field);
        new RangeTree(assembler, R1, R2).Emit(test.Values.Ranges, _ => isIn, to.False, to.Next);
    }

    private void Read(Field field)
    {
        switch (field)
        {
            case Field.RemotePort:
                // Two bytes in network order, in the upper half of the number.
                assembler.Load(OperandSize.Word, R1, R6, _context.RemotePort);
                assembler.ShiftRight(R1, 16);
                assembler.ToBigEndian(R1, 16);
                break;
            case Field.LocalPort:
                assembler.Load(OperandSize.Word, R1, R6, _context.LocalPort);
                break;
            case Field.Family:
                ReadFamily();
                break;
            case Field.Direction:
                assembler.Move(R1, (int)side);
                break;
            case Field.MessageLength:
                assembler.LoadLength(R1, kind);
                break;
            default:
                assembler.Load(OperandSize.DoubleWord, R1, R10, VerdictFrame.StreamOffset);
                break;
        }
    }

    // A socket of IPv6 may carry IPv4.
    private void ReadFamily()
    {
        Label known = assembler.NewLabel("family");
        assembler.Load(OperandSize.Word, R1, R6, _context.Family);
        assembler.JumpIf(R1, Condition.NotEqual, (int)AddressFamilyNumber.IPv6, known);
        for (int word = 0; word < 2; word++)
        {
            assembler.Load(OperandSize.Word, R2, R6, _context.RemoteIPv6 + (4 * word));
            assembler.JumpIf(R2, Condition.NotEqual, 0, known);
        }

        assembler.Load(OperandSize.Word, R2, R6, _context.RemoteIPv6 + 8);
        assembler.JumpIf(R2, Condition.NotEqual, AddressEmitter.MappedWord, R3, known);
        assembler.Move(R1, (int)AddressFamilyNumber.IPv4);
        assembler.Mark(known);
    }
}
