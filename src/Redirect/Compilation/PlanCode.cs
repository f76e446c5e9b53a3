namespace Sluice.Redirect.Compilation;

/// <summary>The nodes of all rules of a plan, one rule behind the other, and the tests they name. Never changed.</summary>
internal sealed class PlanCode
{
    internal required PlanNode[] Nodes { get; init; }

    internal required FieldLeaf[] Fields { get; init; }

    internal required AddressLeaf[] Addresses { get; init; }

    internal required NumberLeaf[] Numbers { get; init; }

    internal required BytesLeaf[] Bytes { get; init; }

    internal required SearchLeaf[] Searches { get; init; }

    internal required NameLeaf[] Names { get; init; }
}
