using System.Globalization;
using System.Text;

namespace Sluice.ProxyHost.Cli.Top;

/// <summary>Numbers, times and foreign text as the live view writes them. What is not known is a dash.</summary>
internal static class Figures
{
    private const string Unknown = "-";
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB", "PB"];

    public static string Count(long? value) => value is { } count ? count.ToString("N0", CultureInfo.InvariantCulture) : Unknown;

    /// <summary>Of which there may be so many.</summary>
    public static string Places(long now, long? most) => most is { } limit ? $"{Count(now)}/{Count(limit)}" : Count(now);

    public static string Bytes(double? value)
    {
        if (value is not { } bytes)
            return Unknown;
        int unit = 0;
        for (; bytes >= 999.5 && unit < Units.Length - 1; unit++)
            bytes /= 1000;
        return $"{(unit == 0 ? Whole(bytes) : Digits(bytes))} {Units[unit]}";
    }

    public static string ByteRate(double? value) => value is null ? Unknown : $"{Bytes(value)}/s";

    public static string Rate(double? value) => value switch
    {
        null => Unknown,
        0 => "0/s",
        < 0.01 => "<0.01/s",
        >= 999.5 => $"{Whole(value.Value)}/s",
        _ => $"{Digits(value.Value)}/s",
    };

    /// <summary>A short time. What is beyond the last bucket of a histogram is infinite, and its bound is all that is known.</summary>
    public static string Seconds(double? value, double most) => value switch
    {
        null => Unknown,
        double.PositiveInfinity => $">{most.ToString(CultureInfo.InvariantCulture)} s",
        >= 0.9995 => $"{Digits(value.Value)} s",
        >= 0.0009995 => $"{Digits(value.Value * 1000)} ms",
        _ => $"{Whole(value.Value * 1e6)} us",
    };

    /// <summary>A long time: 3d 4h, 5m 10s.</summary>
    public static string Age(double seconds)
    {
        long all = (long)seconds;
        (long days, long hours, long minutes) = (all / 86400, all / 3600 % 24, all / 60 % 60);
        return (days, hours, minutes) switch
        {
            ( > 0, _, _) => string.Create(CultureInfo.InvariantCulture, $"{days}d {hours}h"),
            (_, > 0, _) => string.Create(CultureInfo.InvariantCulture, $"{hours}h {minutes}m"),
            (_, _, > 0) => string.Create(CultureInfo.InvariantCulture, $"{minutes}m {all % 60}s"),
            _ => seconds < 10 ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0}s") : string.Create(CultureInfo.InvariantCulture, $"{all}s"),
        };
    }

    public static string Clock(DateTimeOffset time) => time.ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>On one line, with what a terminal would obey made visible, and what turns the direction of text.</summary>
    public static string Visible(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool isObeyed = Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate;
            clean.Append(isObeyed ? "\uFFFD" : rune.ToString());
        }

        return clean.ToString();
    }

    private static string Whole(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Digits(double value) => value switch
    {
        >= 99.95 => Whole(value),
        >= 9.995 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.00", CultureInfo.InvariantCulture),
    };
}
