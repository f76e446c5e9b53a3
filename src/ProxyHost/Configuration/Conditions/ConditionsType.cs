using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Sluice.ProxyHost.Configuration.Types;
using Sluice.ProxyHost.Configuration.Yaml;
using Sluice.Redirect.Rules;
using YamlDotNet.RepresentationModel;

namespace Sluice.ProxyHost.Configuration.Conditions;

/// <summary>A mapping of conditions, all of which hold. Some of them hold such mappings themselves.</summary>
internal sealed class ConditionsType : YamlType<Predicate>
{
    /// <summary>The type as keys have it: described once, as <c>when</c>.</summary>
    public static SharedType<Predicate> Shared { get; } = new("when", "conditions, all of which hold", () => new ConditionsType());

    public override string Description => "conditions";

    public override IReadOnlyList<Key> Keys => ConditionTable.Rows;

    public override bool TryRead(Cursor at, [MaybeNullWhen(false)] out Predicate value)
    {
        value = null;
        if (at.Node is not YamlMappingNode mapping)
            return at.Unexpected("conditions", "write them as keys, such as `remote_port: 80`", out value);
        if (mapping.Children.Count == 0) at.Error("there is no condition here", "give at least one, or remove the key");
        if (at.Nesting == RuleLimits.Nesting)
        {
            at.Error($"conditions are nested deeper than {RuleLimits.Nesting}", "say it with fewer of `any`, `all` and `not`");
            return false;
        }
        ImmutableArray<Predicate>.Builder parts = ImmutableArray.CreateBuilder<Predicate>();
        foreach ((YamlNode name, YamlNode node) in mapping.Children)
        {
            if (KeyNames.TryFind(at, name, ConditionTable.Rows, out Condition? row)
                && row.TryRead(at.Key(row.Name, node) with { Nesting = at.Nesting + 1 }, out Predicate? part)) parts.Add(part);
        }
        if (parts.Count < mapping.Children.Count || parts.Count == 0) return false;
        value = parts.Count == 1 ? parts[0] : new AllOf(parts.ToImmutable());
        at.Context.Places.Add(value, at);
        return true;
    }

    public override JsonNode ToNode(Predicate value)
    {
        var map = new JsonObject();
        if (value is AllOf { Parts.Length: > 1 } all && TryName(all.Parts, out Condition[]? rows))
        {
            foreach ((Condition row, Predicate part) in rows.Zip(all.Parts)) map[row.Name] = row.ToNode(part);
            return map;
        }
        Condition only = ConditionTable.Rows.First(row => row.Writes(value));
        map[only.Name] = only.ToNode(value);
        return map;
    }

    public override JsonObject Schema()
    {
        var properties = new JsonObject();
        foreach (Condition row in ConditionTable.Rows) properties[row.Name] = row.Schema();
        return new JsonObject
        {
            ["type"] = "object",
            ["description"] = "Conditions, all of which hold.",
            ["additionalProperties"] = false,
            ["minProperties"] = 1,
            ["properties"] = properties,
        };
    }

    /// <summary>Gives every part a key of its own, those first that have least choice. False when there are not enough.</summary>
    private static bool TryName(ImmutableArray<Predicate> parts, [NotNullWhen(true)] out Condition[]? rows)
    {
        rows = new Condition[parts.Length];
        var taken = new HashSet<Condition>();
        foreach ((int index, Condition[] choice) in parts
            .Select((part, index) => (index, ConditionTable.Rows.Where(row => row.Writes(part)).ToArray())).OrderBy(c => c.Item2.Length))
        {
            if (choice.FirstOrDefault(row => !taken.Contains(row)) is not { } free) return false;
            taken.Add(free);
            rows[index] = free;
        }
        return true;
    }
}
