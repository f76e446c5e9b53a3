using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.ProxyHost.Configuration.Yaml;
using Sluice.Redirect.Rules;
using YamlDotNet.RepresentationModel;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>Numbers of a range: one, several in a list, or all that are <c>at_least</c> and <c>at_most</c> so much.</summary>
internal sealed class NumberSetType : YamlType<NumberSet>
{
    private readonly ListType<NumberRange> _list;
    private readonly Section<NumberRange> _bounds;
    private readonly ulong _largest;
    private readonly string _range;

    public NumberSetType(ulong smallest, ulong largest)
    {
        _largest = largest;
        _range = string.Create(CultureInfo.InvariantCulture, $"{smallest} to {largest}");
        _list = new ListType<NumberRange>(new NumberRangeType(smallest, largest), "numbers", orOne: true);
        _bounds = Bounds(smallest, largest);
    }

    public override string Description =>
        $"a number, {_range}, a range such as `5-9`, a list of these, or `{{ at_least: 5, at_most: 9 }}`, one of the two or both";

    public override IReadOnlyList<Key> Keys => _bounds.Keys;

    public override bool TryRead(Cursor at, [MaybeNullWhen(false)] out NumberSet value)
    {
        value = null;
        if (at.Node is YamlMappingNode)
        {
            if (!_bounds.TryRead(at, out NumberRange bounds) || bounds.First > bounds.Last) return false;
            value = new NumberSet([bounds]);
            return true;
        }
        if (!_list.TryRead(at, out ImmutableArray<NumberRange> ranges)) return false;
        value = new NumberSet(ranges);
        return true;
    }

    public override JsonNode? ToNode(NumberSet value) => value.Ranges is [{ } only] && only.Last == _largest && only.First < _largest
        ? new JsonObject { ["at_least"] = only.First }
        : _list.ToNode(value.Ranges);

    public override JsonObject Schema() => new() { ["anyOf"] = new JsonArray(_list.Schema(), _bounds.Schema()) };

    private static Section<NumberRange> Bounds(ulong smallest, ulong largest)
    {
        var number = new UnsignedType(smallest, largest);
        Key<NumberRange, ulong> least = new("at_least", number, r => r.First) { Summary = "The smallest that is meant.", Default = smallest };
        Key<NumberRange, ulong> most = new("at_most", number, r => r.Last) { Summary = "The largest that is meant.", Default = largest };
        return new Section<NumberRange>([least, most], v => new NumberRange(v.Of(least), v.Of(most)))
        {
            Check = (v, at) =>
            {
                if (((YamlMappingNode)at.Node).Children.Count == 0) at.Error("nothing is given here", "give `at_least`, `at_most` or both");
                if (v.TryOf(least, out ulong first) && v.TryOf(most, out ulong last) && first > last)
                    at.Error($"`at_least` {first} is more than `at_most` {last}", "no number is both");
            },
            Constrain = schema => schema["minProperties"] = 1,
        };
    }
}
