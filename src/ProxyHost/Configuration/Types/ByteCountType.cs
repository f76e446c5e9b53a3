using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.ProxyHost.Configuration.Schema;
using Sluice.ProxyHost.Configuration.Yaml;
using YamlDotNet.RepresentationModel;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>A number of bytes that are counted in a stream or a message: a plain number, or a size with its unit.</summary>
internal sealed class ByteCountType(int smallest, int largest) : YamlType<int>
{
    private readonly IntegerType _number = new(smallest, largest);
    private readonly ByteSizeType _size = new(smallest, largest);

    public override string Description =>
        string.Create(CultureInfo.InvariantCulture, $"a number of bytes, {smallest} to {largest}, or a size such as 4KiB");

    public override bool TryRead(Cursor at, out int value)
    {
        value = 0;
        if (!HasUnit(at)) return at.Node is YamlScalarNode ? _number.TryRead(at, out value) : at.Unexpected(Description, null, out value);
        if (!_size.TryRead(at, out long size)) return false;
        value = (int)size;
        return true;
    }

    public override JsonNode ToNode(int value) => _number.ToNode(value);

    public override JsonObject Schema() => SchemaParts.OrVariable(_number.Schema(), _size.Schema());

    // A variable shows what it is only once it is filled in; the number's reader tells of the one that is missing.
    private static bool HasUnit(Cursor at) => at.Node is YamlScalarNode { Value: { Length: > 1 } text }
        && Variables.Expand(text, at.Context.Environment, (_, _, _) => { }, out _) is { Length: > 1 } filled
        && char.IsAsciiDigit(filled[0]) && char.IsAsciiLetter(filled[^1]) && !filled.StartsWith("0x", StringComparison.Ordinal);
}
