using System.Globalization;
using System.Text;
using Sluice.Redirect.ProxyProtocol;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>The vectors of a PROXY header as logs and the admin endpoint show them: <c>authority=example.org</c>, <c>0xe0=0x0102</c>.</summary>
internal static class TlvWords
{
    // A longer value, a certificate say, is of no use in a line.
    private const int MostBytes = 256;

    /// <summary>Each of a header's; null without any.</summary>
    public static string[]? Of(ProxyHeader? header) =>
        header is null or { Tlvs.IsEmpty: true } ? null : [.. header.Tlvs.Select(tlv => $"{Name(tlv.Type)}={Text(tlv.Value.Span)}")];

    private static string Name(byte type) => type switch
    {
        ProxyTlvType.Alpn => "alpn",
        ProxyTlvType.Authority => "authority",
        ProxyTlvType.UniqueId => "unique_id",
        _ => string.Create(CultureInfo.InvariantCulture, $"0x{type:x2}"),
    };

    // Whoever wrote the value must not be able to write lines into logs with it.
    private static string Text(ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> shown = value[..Math.Min(value.Length, MostBytes)];
        string text = shown.ContainsAnyExceptInRange((byte)'!', (byte)'~') ? $"0x{Convert.ToHexStringLower(shown)}" : Encoding.ASCII.GetString(shown);
        return shown.Length < value.Length ? $"{text}…" : text;
    }
}
