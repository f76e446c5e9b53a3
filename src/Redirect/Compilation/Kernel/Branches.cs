using Sluice.Redirect.Bpf;

namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>Where the code of a condition goes on with each of its values. <paramref name="Next"/> is what will stand right behind it, so that no jump is needed to get there.</summary>
internal readonly record struct Branches(Label True, Label False, Label Unknown, Label Next)
{
    internal Branches Negated => this with { True = False, False = True };

    internal void Go(Assembler assembler, Label label)
    {
        if (label != Next)
            assembler.Jump(label);
    }
}
