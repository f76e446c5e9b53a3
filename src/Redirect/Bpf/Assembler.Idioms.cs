namespace Sluice.Redirect.Bpf;

// What programs write time and again.
public sealed partial class Assembler
{
    /// <summary>destination = the address of a stack slot, R10 + slot.</summary>
    public void StackAddress(Register destination, int slot)
    {
        Move(destination, Register.R10);
        Add(destination, slot);
    }

    /// <summary>R0 = the address of the value under the key in a stack slot; goes on at a label where there is none.</summary>
    public void LookUp(MapReference map, int keySlot, Label missing)
    {
        LoadMap(Register.R1, map);
        StackAddress(Register.R2, keySlot);
        Call(Helper.MapLookupElem);
        JumpIf(Register.R0, Condition.Equal, 0, missing);
    }

    /// <summary>Ends the program with a number.</summary>
    public void Return(int result)
    {
        Move(Register.R0, result);
        Exit();
    }
}
