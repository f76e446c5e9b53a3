using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>A rate of bytes, which is a size and a time: <c>512KiB/s</c>, <c>10MB/s</c>.</summary>
internal sealed class ByteRateType(long smallest, long largest) : TextType<long>
{
    private const string PerSecond = "/s";

    private readonly ByteSizeType _size = new(smallest, largest);

    public override string Description => $"a rate in bytes per second, {Format(smallest)} to {Format(largest)}";

    protected override string Pattern => "^[0-9]+(B|kB|MB|GB|TB|KiB|MiB|GiB|TiB)/s$";

    public override Parsed<long> Parse(string text)
    {
        if (Quantity.IsNumber(text)) return new Problem($"`{Quote.Text(text)}` has no unit", $"write {text}B/s, {text}KiB/s or {text}MiB/s");
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        string size = slash < 0 ? text : text[..slash];
        if (size.EndsWith("bit", StringComparison.OrdinalIgnoreCase) || size.EndsWith("bps", StringComparison.OrdinalIgnoreCase))
            return new Problem($"`{Quote.Text(text)}` is not in bytes", "divide bits by eight: 100 Mbit/s are 12500kB/s");
        Parsed<long> parsed = _size.Parse(size);
        if (parsed.Problem is null && slash < 0) return new Problem($"`{Quote.Text(text)}` is a size, not a rate", $"write {text}{PerSecond}");
        if (parsed.Problem is null && text[slash..] != PerSecond)
            return new Problem($"`{Quote.Text(text)}` is not a rate per second", $"write a size and {PerSecond}: {size}{PerSecond}");
        return parsed;
    }

    public override string Format(long value) => _size.Format(value) + PerSecond;
}
