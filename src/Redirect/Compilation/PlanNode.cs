namespace Sluice.Redirect.Compilation;

/// <summary>
/// One node of a plan. Nodes stand in preorder: what belongs to a group follows it, up to the node at <paramref name="End"/>.
/// </summary>
/// <param name="Kind">A group, or what is tested.</param>
/// <param name="IsNegated">A test counts as true when it is false. Groups never are: their parts are instead.</param>
/// <param name="End">Where the next node stands that does not belong to this one.</param>
/// <param name="Test">The index of a test among those of its kind.</param>
internal readonly record struct PlanNode(PlanNodeKind Kind, bool IsNegated, int End, int Test);

/// <summary>What a node of a plan is.</summary>
internal enum PlanNodeKind : byte
{
    AllOf,
    AnyOf,
    Field,
    Address,
    Number,
    Bytes,
    Search,
    Name,
}
