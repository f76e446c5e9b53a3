using System.Buffers;
using System.Text;

namespace Sluice.Redirect.Rules.Tls;

/// <summary>
/// Patterns for host names: a name, or <c>*.</c> and a name for all that lie one or more labels below it, but not itself.
/// ASCII letters match in either case. An international name is written as it travels, <c>xn--</c>.
/// </summary>
public static class HostNamePattern
{
    /// <summary>The most characters of a pattern's name: as DNS has it, without the dot at the end.</summary>
    public const int MostCharacters = 253;

    private const int MostOfLabel = 63;
    private const string Wildcard = "*.";

    // An underscore is not allowed in a host's name, but service meshes put it there.
    private static readonly SearchValues<byte> OfLabels =
        SearchValues.Create("-_.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>Whether a pattern can match anything: labels of 1 to 63 letters, digits, <c>-</c> and <c>_</c>, no dot at the end.</summary>
    public static bool IsValid(string pattern)
    {
        ReadOnlySpan<char> name = pattern.StartsWith(Wildcard, StringComparison.Ordinal) ? pattern.AsSpan(Wildcard.Length) : pattern;
        if (name.Length is 0 or > MostCharacters)
            return false;

        Span<byte> bytes = stackalloc byte[MostCharacters];
        return Ascii.FromUtf16(name, bytes, out int count) == OperationStatus.Done && HasOnlyLabels(bytes[..count]);
    }

    /// <summary>
    /// Whether a name as a client sent it matches. One dot at its end does not count. A name with an empty or overlong label or
    /// with a byte that no host name has matches nothing.
    /// </summary>
    public static bool Matches(ReadOnlySpan<byte> name, string pattern)
    {
        if (name.EndsWith("."u8))
            name = name[..^1];
        if (!pattern.StartsWith(Wildcard, StringComparison.Ordinal))
            return Ascii.EqualsIgnoreCase(name, pattern) && HasOnlyLabels(name);

        ReadOnlySpan<char> above = pattern.AsSpan(Wildcard.Length - 1);
        int below = name.Length - above.Length;
        return below > 0 && Ascii.EqualsIgnoreCase(name[below..], above) && HasOnlyLabels(name);
    }

    private static bool HasOnlyLabels(ReadOnlySpan<byte> name)
    {
        if (name.Length > MostCharacters || name.ContainsAnyExcept(OfLabels))
            return false;

        while (name.IndexOf((byte)'.') is var dot and >= 0)
        {
            if (dot is 0 or > MostOfLabel)
                return false;

            name = name[(dot + 1)..];
        }

        return name.Length is > 0 and <= MostOfLabel;
    }
}
