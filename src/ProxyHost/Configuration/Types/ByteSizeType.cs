using System.Globalization;
using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>A number of bytes with its unit: <c>512B</c>, <c>64KiB</c>, <c>1MB</c>. Powers of 1024 have the i.</summary>
internal sealed class ByteSizeType(long smallest, long largest) : TextType<long>
{
    // Largest binary unit first: what is printed is the first that divides the value.
    private static readonly (string Name, long Size)[] Units =
    [
        ("TiB", 1L << 40), ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10), ("B", 1),
        ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000),
    ];

    public override string Description => $"a size in bytes, {Format(smallest)} to {Format(largest)}";

    protected override string Pattern => "^[0-9]+(B|kB|MB|GB|TB|KiB|MiB|GiB|TiB)$";

    public override Parsed<long> Parse(string text)
    {
        if (Quantity.IsNumber(text)) return new Problem($"`{Quote.Text(text)}` has no unit", $"write {text}B, {text}KiB or {text}MiB");
        ReadOnlySpan<char> rest = text;
        if (!Quantity.TryTake(ref rest, out long count, out string unit) || rest.Length > 0 || !unit.All(char.IsAsciiLetter))
            return new Problem($"`{Quote.Text(text)}` is not a size", "write a whole number with a unit and no space: 512B, 64KiB, 1MiB");
        long size = Array.Find(Units, u => u.Name == unit).Size;
        if (size == 0) return new Problem($"`{Quote.Text(unit)}` is not a unit of size", Suggest(unit));
        return count > largest / size || count * size < smallest
            ? new Problem($"`{Quote.Text(text)}` is out of range", $"it may be {Format(smallest)} to {Format(largest)}")
            : count * size;
    }

    public override string Format(long value)
    {
        (string name, long size) = Units.First(u => value % u.Size == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{value / size}{name}");
    }

    private static string Suggest(string unit)
    {
        string upper = unit.ToUpperInvariant();
        string? meant = upper.TrimEnd('B', 'I') is "K" or "M" or "G" or "T"
            ? upper is ['K', 'B'] ? "kB" : upper.Length == 2 ? upper : $"{upper[0]}iB"
            : null;
        return meant is null ? "the units are B, KiB, MiB, GiB, TiB, kB, MB, GB and TB" : $"did you mean `{meant}`?";
    }
}
