using System.Collections.Immutable;
using Sluice.Redirect.Rules;

namespace Sluice.Redirect.Compilation;

/// <summary>
/// Writes conditions down as nodes. A negation goes down to the tests by De Morgan's laws, which hold for three values too; a
/// group inside one of its own kind is dissolved, and so is one with a single part.
/// </summary>
internal sealed class PlanBuilder
{
    private readonly List<PlanNode> _nodes = [];
    private readonly List<FieldLeaf> _fields = [];
    private readonly List<AddressLeaf> _addresses = [];
    private readonly List<NumberLeaf> _numbers = [];
    private readonly List<BytesLeaf> _bytes = [];
    private readonly List<SearchLeaf> _searches = [];
    private readonly List<NameLeaf> _names = [];
    private readonly List<Predicate> _sources = [];

    /// <summary>For each node, what it was written from.</summary>
    internal ImmutableArray<Predicate> Sources => [.. _sources];

    /// <summary>Adds a rule's condition and says where its node is.</summary>
    internal int Add(Predicate condition)
    {
        int root = _nodes.Count;
        Add(condition, isNegated: false, within: null, depth: 1);
        return root;
    }

    internal PlanCode Build() => new()
    {
        Nodes = [.. _nodes],
        Fields = [.. _fields],
        Addresses = [.. _addresses],
        Numbers = [.. _numbers],
        Bytes = [.. _bytes],
        Searches = [.. _searches],
        Names = [.. _names],
    };

    private void Add(Predicate condition, bool isNegated, PlanNodeKind? within, int depth)
    {
        if (depth > RuleLimits.Depth)
            throw new ArgumentException($"A condition is nested deeper than {RuleLimits.Depth}");

        switch (condition)
        {
            case Not not:
                Add(not.Part, !isNegated, within, depth + 1);
                break;
            case AllOf all:
                AddGroup(all, all.Parts.AsSpan(), isNegated ? PlanNodeKind.AnyOf : PlanNodeKind.AllOf, isNegated, within, depth);
                break;
            case AnyOf any:
                AddGroup(any, any.Parts.AsSpan(), isNegated ? PlanNodeKind.AllOf : PlanNodeKind.AnyOf, isNegated, within, depth);
                break;
            default:
                (PlanNodeKind kind, int test) = AddTest(condition);
                _nodes.Add(new PlanNode(kind, isNegated, _nodes.Count + 1, test));
                _sources.Add(condition);
                break;
        }
    }

    private void AddGroup(
        Predicate group, ReadOnlySpan<Predicate> parts, PlanNodeKind kind, bool isNegated, PlanNodeKind? within, int depth)
    {
        if (parts.Length == 1 || kind == within)
        {
            foreach (Predicate part in parts)
                Add(part, isNegated, within, depth + 1);
            return;
        }

        int self = _nodes.Count;
        _nodes.Add(default);
        _sources.Add(group);
        foreach (Predicate part in parts)
            Add(part, isNegated, kind, depth + 1);
        _nodes[self] = new PlanNode(kind, IsNegated: false, _nodes.Count, Test: -1);
    }

    private (PlanNodeKind Kind, int Test) AddTest(Predicate condition) => condition switch
    {
        NumberTest { Field: Field.RemotePort or Field.LocalPort or Field.Family or Field.Direction or Field.MessageLength or Field.StreamOffset } test =>
            (PlanNodeKind.Field, Add(_fields, new FieldLeaf(test))),
        AddressTest { Field: Field.RemoteAddress or Field.LocalAddress } test =>
            (PlanNodeKind.Address, Add(_addresses, new AddressLeaf(test.Field, test.Prefixes))),
        BytesAsNumberTest { Offset: >= 0, Width: 1 or 2 or 4 or 8 } test => (PlanNodeKind.Number, Add(_numbers, new NumberLeaf(test))),
        BytesTest { Offset: >= 0, Within: >= 0 } test when test.Values.All(value => value.Length > 0) => test.Within == 0
            ? (PlanNodeKind.Bytes, Add(_bytes, new BytesLeaf(test)))
            : (PlanNodeKind.Search, Add(_searches, new SearchLeaf(test))),
        NameTest { Field: Field.Sni or Field.Alpn } test => (PlanNodeKind.Name, Add(_names, new NameLeaf(test))),
        _ => throw new ArgumentException($"This is no condition that a plan can have: {condition}"),
    };

    private static int Add<T>(List<T> tests, T test)
    {
        tests.Add(test);
        return tests.Count - 1;
    }
}
