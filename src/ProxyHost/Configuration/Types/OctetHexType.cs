using System.Collections.Immutable;
using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>Bytes as pairs of hexadecimal digits, with spaces between pairs where one likes.</summary>
internal sealed class OctetHexType : TextType<ImmutableArray<byte>>
{
    private readonly int _longest;

    public OctetHexType(int longest) => _longest = longest;

    public override string Description => $"1 to {_longest} bytes in hex, such as `\"16 03 01\"`";

    protected override string Pattern => "^ *[0-9A-Fa-f]{2}( *[0-9A-Fa-f]{2})* *$";

    public override Parsed<ImmutableArray<byte>> Parse(string text)
    {
        string[] groups = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (groups.Length == 0) return new Problem("there are no bytes here", "give at least one, as two hex digits");
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return new Problem($"`{Quote.Text(text)}` is not bytes in hex", "leave the 0x out");
        if (text.FirstOrDefault(c => c != ' ' && !char.IsAsciiHexDigit(c)) is not '\0' and var stray)
            return new Problem($"`{Quote.Text($"{stray}")}` is not a hex digit", "write bytes as two digits each: 16 03 01");
        if (Array.Find(groups, g => g.Length % 2 != 0) is { } odd)
            return new Problem($"`{Quote.Text(odd)}` has an odd number of digits", "every byte takes two: 0d 0a");
        byte[] bytes = Convert.FromHexString(string.Concat(groups));
        return bytes.Length > _longest
            ? new Problem($"these are {bytes.Length} bytes", $"at most {_longest} are allowed")
            : ImmutableArray.Create(bytes);
    }

    public override string Format(ImmutableArray<byte> value) => string.Join(' ', value.Select(b => $"{b:x2}"));
}
