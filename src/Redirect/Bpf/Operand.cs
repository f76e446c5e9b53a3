namespace Sluice.Redirect.Bpf;

/// <summary>The second operand of an operation: a register, or a number that 64-bit operations extend with its sign.</summary>
public readonly record struct Operand
{
    private Operand(bool isRegister, Register register, int number) => (IsRegister, Register, Number) = (isRegister, register, number);

    internal bool IsRegister { get; }

    internal Register Register { get; }

    internal int Number { get; }

    /// <summary>A register's value.</summary>
    public static implicit operator Operand(Register register) => new(true, register, 0);

    /// <summary>A number.</summary>
    public static implicit operator Operand(int number) => new(false, default, number);
}
