using System.Buffers.Binary;
using System.Collections.Immutable;
using Sluice.Redirect.Bpf;
using Sluice.Redirect.Rules;

namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>The tests of a plan as the kernel makes them: which it cannot, where their bytes lie, which sets are maps.</summary>
internal sealed class KernelTests
{
    private readonly VerdictPlan _plan;
    private readonly (Field Field, string Reason)?[] _refusals;
    private readonly Dictionary<int, AddressTrie> _tries = [];

    internal KernelTests(VerdictPlan plan, string mapPrefix)
    {
        _plan = plan;
        var refusals = new LeafRefusals(plan.Rules.MaxMessage);
        if (FrameEmitter.Header(plan.Rules.Framing) is var (offset, count))
            HasHeader = offset < plan.Rules.MaxMessage && refusals.Window.TryReserve(offset, count);
        _refusals = new (Field Field, string Reason)?[plan.Nodes.Length];
        for (int at = 0; at < plan.Nodes.Length; at++)
        {
            if (IsGroup(at))
                continue;

            _refusals[at] = refusals.Find(plan.Sources[at]);
            if (_refusals[at] is null && plan.Sources[at] is AddressTest { Prefixes.Ranges.Count: > LeafRefusals.MostInlinePrefixes } test)
                _tries.Add(at, Trie(test.Prefixes, $"{mapPrefix} addresses {_tries.Count}"));
        }

        Window = refusals.Window;
    }

    internal MessageWindow Window { get; }

    internal ImmutableArray<AddressTrie> Tries => [.. _tries.OrderBy(trie => trie.Key).Select(trie => trie.Value)];

    /// <summary>Whether the bytes that say how long a message is are among those that are looked at.</summary>
    internal bool HasHeader { get; } = true;

    /// <summary>Where a test has too few bytes, it is unknown and not false; a message of a program with framing is whole.</summary>
    internal bool Waits => _plan.Rules is { CorksAsNeeded: true, Framing: null };

    internal PlanNode Node(int at) => _plan.Nodes[at];

    internal Predicate Source(int at) => _plan.Sources[at];

    internal AddressTrie? TrieOf(int at) => _tries.GetValueOrDefault(at);

    internal bool IsGroup(int at) => _plan.Nodes[at].Kind is PlanNodeKind.AllOf or PlanNodeKind.AnyOf;

    /// <summary>What the kernel cannot do of a node with all that belongs to it.</summary>
    internal IEnumerable<(Field Field, string Reason)> Refusals(int at) =>
        _refusals[at.._plan.Nodes[at].End].Where(refusal => refusal is not null).Select(refusal => refusal!.Value);

    internal IEnumerable<int> Parts(int group)
    {
        for (int part = group + 1; part < _plan.Nodes[group].End; part = _plan.Nodes[part].End)
            yield return part;
    }

    /// <summary>Which values a node can have.</summary>
    internal TruthSet Values(int at)
    {
        if (!IsGroup(at))
            return OfTest(at);

        TruthSet[] parts = [.. Parts(at).Select(Values)];
        (TruthSet absorbing, TruthSet neutral) = _plan.Nodes[at].Kind == PlanNodeKind.AllOf
            ? (TruthSet.False, TruthSet.True)
            : (TruthSet.True, TruthSet.False);
        TruthSet values = parts.Any(part => part.HasFlag(absorbing)) ? absorbing : TruthSet.None;
        if (Array.TrueForAll(parts, part => part.HasFlag(neutral)))
            values |= neutral;
        if (parts.Any(part => part.HasFlag(TruthSet.Unknown)) && Array.TrueForAll(parts, part => part != absorbing))
            values |= TruthSet.Unknown;
        return values;
    }

    private TruthSet OfTest(int at) => _refusals[at] is not null
        ? TruthSet.Unknown
        : _plan.Sources[at] is BytesTest or BytesAsNumberTest && Waits ? TruthSet.Any : TruthSet.FalseOrTrue;

    private static AddressTrie Trie(PrefixSet prefixes, string name) => new(
        new MapReference(name),
        [.. prefixes.Ranges.Select(range => Key(range.First, range.Last))]);

    private static ImmutableArray<byte> Key(UInt128 first, UInt128 last)
    {
        byte[] key = new byte[AddressTrie.KeySize];
        BinaryPrimitives.WriteUInt32LittleEndian(key, (uint)UInt128.LeadingZeroCount(first ^ last));
        BinaryPrimitives.WriteUInt128BigEndian(key.AsSpan(sizeof(uint)), first);
        return [.. key];
    }
}
