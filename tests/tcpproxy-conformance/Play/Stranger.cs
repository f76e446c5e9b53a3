using TcpProxyConformance.Wire;

namespace TcpProxyConformance.Play;

/// <summary>A connection that came to the upstream and did not begin as those of the tool do.</summary>
/// <param name="Bytes">What it began with, at most a token's size.</param>
/// <param name="End">How it ended before it had said more; None: it said too much.</param>
internal sealed record Stranger(byte[] Bytes, End End)
{
    /// <summary>What such a connection is likely to be, for the message.</summary>
    public string Explanation => Bytes.Length == 0 ? $"a connection came without a byte, then {End.Name()}: a health check, or one that was closed again"
        : Bytes.AsSpan().StartsWith("PROXY "u8) || Bytes.AsSpan().StartsWith("\r\n\r\n\0\r\nQ"u8) ? "it begins with a PROXY header: have the proxy pass bytes on as they are"
        : $"it begins with {Convert.ToHexStringLower(Bytes)}, which the client did not send: have the proxy pass bytes on as they are";
}
