using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Sluice.ProxyHost.Configuration.Yaml;
using YamlDotNet.RepresentationModel;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>One or more values of a type.</summary>
/// <param name="item">The type of each.</param>
/// <param name="things">What the items are, in the plural.</param>
/// <param name="orOne">Whether a single value may stand without a list around it.</param>
internal sealed class ListType<T>(YamlType<T> item, string things, bool orOne = false) : YamlType<ImmutableArray<T>>
{
    public override string Description => orOne ? $"{item.Description}; or a list of such" : $"a list of {things}, at least one";

    public override IReadOnlyList<Key> Keys => item.Keys;

    public override bool IsList => true;

    public override bool TryRead(Cursor at, [MaybeNullWhen(false)] out ImmutableArray<T> value)
    {
        value = [];
        if (at.Node is not YamlSequenceNode list)
        {
            if (!orOne) return at.Unexpected(Description, "begin each item with `- `", out value);
            if (!item.TryRead(at, out T? one)) return false;
            value = [one];
            return true;
        }
        if (list.Children.Count == 0)
        {
            at.Error("the list is empty", $"give at least one of the {things}");
            return false;
        }
        ImmutableArray<T>.Builder items = ImmutableArray.CreateBuilder<T>(list.Children.Count);
        for (int i = 0; i < list.Children.Count; i++)
        {
            if (item.TryRead(at.Item(i, list.Children[i]), out T? one)) items.Add(one);
        }
        value = items.ToImmutable();
        return value.Length == list.Children.Count;
    }

    public override void Accept(ImmutableArray<T> value, Cursor at)
    {
        foreach (T one in value) item.Accept(one, at);
    }

    public override JsonNode? ToNode(ImmutableArray<T> value)
    {
        // No reader takes an empty list: where one may be, it is written by leaving the key out.
        if (value.IsDefaultOrEmpty) return null;
        if (orOne && value.Length == 1) return item.ToNode(value[0]);
        var list = new JsonArray();
        foreach (T one in value) list.Add(item.ToNode(one));
        return list;
    }

    public override JsonObject Schema()
    {
        var list = new JsonObject { ["type"] = "array", ["minItems"] = 1, ["items"] = item.Schema() };
        return orOne ? new JsonObject { ["anyOf"] = new JsonArray(item.Schema(), list) } : list;
    }
}
