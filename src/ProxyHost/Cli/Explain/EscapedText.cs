using System.Globalization;
using System.Text;
using Sluice.ProxyHost.Configuration.Types;
using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Cli.Explain;

/// <summary>
/// The bytes of a text with escapes: <c>\r</c>, <c>\n</c>, <c>\t</c>, <c>\0</c>, <c>\xNN</c>, <c>\\</c> and <c>\"</c>. The rest
/// is UTF-8.
/// </summary>
internal static class EscapedText
{
    public static Parsed<byte[]> Parse(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (int i = 0; i < text.Length;)
        {
            int end = text.IndexOf('\\', i);
            if (end < 0) end = text.Length;
            bytes.AddRange(Encoding.UTF8.GetBytes(text[i..end]));
            i = end;
            if (i == text.Length) break;
            if (Escape(text.AsSpan(i), out int taken) is not { } one)
                return new Problem($"`{Quote.Text(text.Substring(i, taken))}` is no escape", @"there are \r, \n, \t, \0, \xNN, \\ and \""");
            bytes.Add(one);
            i += taken;
        }
        return bytes.ToArray();
    }

    private static byte? Escape(ReadOnlySpan<char> text, out int taken)
    {
        taken = Math.Min(text.Length, text is [_, 'x', ..] ? 4 : 2);
        return text switch
        {
            [_, 'r', ..] => (byte)'\r',
            [_, 'n', ..] => (byte)'\n',
            [_, 't', ..] => (byte)'\t',
            [_, '0', ..] => 0,
            [_, '\\' or '"', ..] => (byte)text[1],
            [_, 'x', _, _, ..] when byte.TryParse(text[2..4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte one) => one,
            _ => null,
        };
    }
}
