using System.Runtime.InteropServices;
using Sluice.Redirect.Bpf;
using Sluice.Redirect.Compilation.Kernel;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Tests.Compilation.Kernel;

/// <summary>The maps a plan needs, in the kernel.</summary>
internal sealed class PlanMaps : IDisposable
{
    private readonly Dictionary<string, BpfMap> _maps = [];
    private readonly BpfPlan _plan;

    public PlanMaps(BpfPlan plan)
    {
        _plan = plan;
        Add(plan.Counts, BpfMapType.PerCpuArray, 4, 8, (uint)plan.CountEntries, 0);
        foreach (AddressTrie trie in plan.AddressTries)
        {
            BpfMap map = Add(trie.Map, BpfMapType.LpmTrie, AddressTrie.KeySize, AddressTrie.ValueSize, (uint)trie.Keys.Length, BpfMapFlags.NoPreallocation);
            foreach (var key in trie.Keys)
                Assert.Equal(Errno.None, map.Update(key.AsSpan(), new byte[AddressTrie.ValueSize]));
        }
    }

    public BpfMap Add(MapReference reference, BpfMapType type, uint keySize, uint valueSize, uint entries, uint flags)
    {
        Assert.Equal(Errno.None, BpfMap.Create(type, "test", keySize, valueSize, entries, flags, out BpfMap? map));
        _maps.Add(reference.Name, map!);
        return map!;
    }

    public IReadOnlyDictionary<string, BpfMap> All => _maps;

    public ulong[] Counts()
    {
        Span<ulong> values = stackalloc ulong[PossibleCpus.Count];
        ulong[] counts = new ulong[_plan.CountEntries];
        for (int rule = 0; rule < counts.Length; rule++)
        {
            Assert.Equal(Errno.None, _maps[_plan.Counts.Name].Lookup(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in rule)), MemoryMarshal.AsBytes(values)));
            foreach (ulong value in values)
                counts[rule] += value;
        }

        return counts;
    }

    public void Dispose()
    {
        foreach (BpfMap map in _maps.Values)
            map.Dispose();
    }
}
