namespace Sluice.Redirect.Bpf;

/// <summary>A place that jumps go to. It belongs to the <see cref="Assembler"/> that made it.</summary>
public sealed class Label
{
    internal Label(Assembler owner, string name) => (Owner, Name) = (owner, name);

    /// <summary>As in the listing; two labels may have the same.</summary>
    public string Name { get; }

    internal Assembler Owner { get; }

    // The index of the instruction behind it; below 0 while it is not marked.
    internal int Position { get; set; } = -1;
}
