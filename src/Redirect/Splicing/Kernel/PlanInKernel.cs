using Sluice.Redirect.Compilation.Kernel;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Splicing.Kernel;

/// <summary>A plan with the maps that its code uses: they are the same for all reactors. Safe from any thread.</summary>
internal sealed class PlanInKernel : IDisposable
{
    private readonly BpfMap _counts;
    private readonly Dictionary<string, BpfMap> _maps;

    private PlanInKernel(BpfPlan plan, BpfMap counts)
    {
        (Plan, _counts) = (plan, counts);
        _maps = new() { [plan.Counts.Name] = counts };
    }

    internal BpfPlan Plan { get; }

    /// <summary>Its maps by the names they have in its code.</summary>
    internal IReadOnlyDictionary<string, BpfMap> Maps => _maps;

    /// <summary>Makes and fills the maps.</summary>
    internal static Errno TryCreate(BpfPlan plan, out PlanInKernel? made)
    {
        made = null;
        Errno errno = BpfMap.Create(BpfMapType.PerCpuArray, "sluice_counts", sizeof(uint), sizeof(ulong), (uint)plan.CountEntries, 0, out BpfMap? counts);
        if (errno != Errno.None)
            return errno;

        var candidate = new PlanInKernel(plan, counts!);
        foreach (AddressTrie trie in plan.AddressTries)
        {
            if (errno == Errno.None)
                errno = candidate.Add(trie);
        }

        if (errno == Errno.None)
            made = candidate;
        else
            candidate.Dispose();
        return errno;
    }

    /// <summary>How often the rule with this index decided in the kernel, or matched as a shadow; the number of rules for <c>otherwise</c>.</summary>
    internal long CountOf(int rule)
    {
        Span<byte> values = stackalloc byte[sizeof(long) * PossibleCpus.Count];
        if (_counts.Lookup(BitConverter.GetBytes((uint)rule), values) != Errno.None)
            return 0;

        long sum = 0;
        foreach (long value in System.Runtime.InteropServices.MemoryMarshal.Cast<byte, long>(values))
            sum += value;
        return sum;
    }

    public void Dispose()
    {
        foreach (BpfMap map in _maps.Values)
            map.Dispose();
    }

    private Errno Add(AddressTrie trie)
    {
        Errno errno = BpfMap.Create(
            BpfMapType.LpmTrie, "sluice_addresses", AddressTrie.KeySize, AddressTrie.ValueSize, (uint)Math.Max(1, trie.Keys.Length),
            BpfMapFlags.NoPreallocation, out BpfMap? map);
        if (errno != Errno.None)
            return errno;

        _maps.Add(trie.Map.Name, map!);
        Span<byte> nothing = stackalloc byte[AddressTrie.ValueSize];
        nothing.Clear();
        foreach (var key in trie.Keys)
        {
            errno = map!.Update(key.AsSpan(), nothing);
            if (errno != Errno.None)
                return errno;
        }

        return Errno.None;
    }
}
