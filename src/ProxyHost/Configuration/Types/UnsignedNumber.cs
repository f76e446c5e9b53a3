using System.Globalization;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>Reads unsigned numbers as people write them in rules: decimal, or hexadecimal with 0x.</summary>
internal static class UnsignedNumber
{
    public const string Hex = "0x";

    /// <summary>Whether the text is a number at all, of whatever size.</summary>
    public static bool IsNumber(string text) => text.StartsWith(Hex, StringComparison.Ordinal)
        ? text.Length > Hex.Length && text.Skip(Hex.Length).All(char.IsAsciiHexDigit)
        : Quantity.IsNumber(text);

    /// <summary>The number's value, or false when it is none of 64 bits.</summary>
    public static bool TryParse(string text, out ulong number)
    {
        number = 0;
        return IsNumber(text) && (text.StartsWith(Hex, StringComparison.Ordinal)
            ? ulong.TryParse(text.AsSpan(Hex.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number));
    }
}
