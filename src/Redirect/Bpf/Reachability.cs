namespace Sluice.Redirect.Bpf;

/// <summary>Which instructions can be reached from the first, and where they stand once the others are gone.</summary>
internal sealed class Reachability
{
    private readonly bool[] _reached;
    private readonly int[] _places;

    private Reachability(bool[] reached)
    {
        _reached = reached;
        _places = new int[reached.Length];
        for (int i = 1; i < reached.Length; i++)
            _places[i] = _places[i - 1] + (reached[i - 1] ? 1 : 0);
    }

    // The place behind the last instruction counts as reached, since a label may be there.
    internal static Reachability Of(List<Instruction> instructions, Dictionary<int, Label> jumps)
    {
        bool[] reached = new bool[instructions.Count + 1];
        reached[^1] = true;
        var open = new Stack<int>([0]);
        while (open.TryPop(out int at))
        {
            while (at < instructions.Count && !reached[at])
            {
                reached[at] = true;
                byte opcode = instructions[at].Opcode;
                if (jumps.TryGetValue(at, out Label? label))
                    open.Push(label.Position);
                if (opcode is Opcode.Goto or Opcode.Exit)
                    break;

                at++;
            }
        }

        return new Reachability(reached);
    }

    internal bool Has(int instruction) => _reached[instruction];

    internal int PlaceOf(int instruction) => _places[instruction];
}
