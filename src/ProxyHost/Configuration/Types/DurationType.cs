using System.Globalization;
using System.Text;
using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>A time span with units: <c>250ms</c>, <c>5s</c>, <c>1h30m</c>. Whole numbers, larger units first.</summary>
internal sealed class DurationType(TimeSpan shortest, TimeSpan longest) : TextType<TimeSpan>
{
    private static readonly (string Name, TimeSpan Length)[] Units =
    [
        ("d", TimeSpan.FromDays(1)), ("h", TimeSpan.FromHours(1)), ("m", TimeSpan.FromMinutes(1)),
        ("s", TimeSpan.FromSeconds(1)), ("ms", TimeSpan.FromMilliseconds(1)),
    ];

    public override string Description => $"a duration, {Format(shortest)} to {Format(longest)}";

    protected override string Pattern => "^(?=[0-9])([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$";

    public override Parsed<TimeSpan> Parse(string text)
    {
        if (Quantity.IsNumber(text)) return new Problem($"`{Quote.Text(text)}` has no unit", Hint(text));
        TimeSpan sum = TimeSpan.Zero;
        int nextUnit = 0;
        for (ReadOnlySpan<char> rest = text; rest.Length > 0;)
        {
            if (!Quantity.TryTake(ref rest, out long count, out string unit) || !unit.All(char.IsAsciiLetter)) return NotADuration(text);
            int index = Array.FindIndex(Units, u => u.Name == unit);
            if (index < 0) return new Problem($"`{Quote.Text(unit)}` is not a unit of time", "the units are ms, s, m, h and d");
            if (index < nextUnit)
                return new Problem($"`{Quote.Text(text)}` has its units out of order", "larger units first, each once: 1h30m");
            if (count > (longest - sum) / Units[index].Length) return OutOfRange(text);
            sum += count * Units[index].Length;
            nextUnit = index + 1;
        }
        if (nextUnit == 0) return NotADuration(text);
        return sum < shortest ? OutOfRange(text) : sum;
    }

    public override string Format(TimeSpan value)
    {
        var text = new StringBuilder();
        foreach ((string name, TimeSpan length) in Units)
        {
            long count = value.Ticks / length.Ticks;
            if (count > 0) text.Append(CultureInfo.InvariantCulture, $"{count}{name}");
            value -= count * length;
        }
        return text.ToString();
    }

    private static string Hint(string number) => $"write {number}s, {number}ms or {number}m";

    private static Problem NotADuration(string text) =>
        new($"`{Quote.Text(text)}` is not a duration", "write whole numbers with units and no spaces: 250ms, 5s, 10m, 1h30m, 7d");

    private Problem OutOfRange(string text) =>
        new($"`{Quote.Text(text)}` is out of range", $"it may be {Format(shortest)} to {Format(longest)}");
}
