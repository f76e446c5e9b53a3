using System.Globalization;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>Splits numbers and units.</summary>
internal static class Quantity
{
    /// <summary>Takes one number and the letters after it off the front. False when it does not begin with a number that fits.</summary>
    public static bool TryTake(ref ReadOnlySpan<char> rest, out long count, out string unit)
    {
        int digits = 0;
        while (digits < rest.Length && char.IsAsciiDigit(rest[digits])) digits++;
        int end = digits;
        while (end < rest.Length && !char.IsAsciiDigit(rest[end])) end++;
        unit = rest[digits..end].ToString();
        bool taken = long.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out count);
        rest = rest[end..];
        return taken && unit.Length > 0;
    }

    /// <summary>Digits only: a number that lacks its unit.</summary>
    public static bool IsNumber(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);
}
