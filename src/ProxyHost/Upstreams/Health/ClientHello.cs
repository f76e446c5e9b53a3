using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Sluice.ProxyHost.Upstreams.Health;

/// <summary>
/// The first message of TLS as a probe sends it, and what answers it. Nothing is negotiated any further and no certificate is
/// looked at: a server that says ServerHello, or an alert, speaks TLS and is alive.
/// </summary>
internal static class ClientHello
{
    private const byte Alert = 21;
    private const byte Handshake = 22;
    private const byte ServerHello = 2;

    // Suites of TLS 1.3, and of 1.2 with ECDHE and with RSA; compression: none.
    private static ReadOnlySpan<byte> SuitesAndCompression =>
    [
        0x00, 0x12, 0x13, 0x01, 0x13, 0x02, 0x13, 0x03, 0xc0, 0x2b, 0xc0, 0x2f, 0xc0, 0x2c, 0xc0, 0x30, 0x00, 0x9c, 0x00, 0x2f, 0x01, 0x00,
    ];

    // supported_versions (1.3, 1.2), supported_groups (x25519, secp256r1), ec_point_formats, signature_algorithms; then the head of a
    // key_share whose x25519 key follows.
    private static ReadOnlySpan<byte> Extensions =>
    [
        0x00, 0x2b, 0x00, 0x05, 0x04, 0x03, 0x04, 0x03, 0x03,
        0x00, 0x0a, 0x00, 0x06, 0x00, 0x04, 0x00, 0x1d, 0x00, 0x17,
        0x00, 0x0b, 0x00, 0x02, 0x01, 0x00,
        0x00, 0x0d, 0x00, 0x14, 0x00, 0x12, 0x04, 0x03, 0x08, 0x04, 0x04, 0x01, 0x05, 0x03, 0x08, 0x05, 0x05, 0x01, 0x08, 0x06, 0x06, 0x01, 0x02, 0x01,
        0x00, 0x33, 0x00, 0x26, 0x00, 0x24, 0x00, 0x1d, 0x00, 0x20,
    ];

    /// <summary>A whole record.</summary>
    /// <param name="serverName">The name to ask for; null for an endpoint without one.</param>
    public static byte[] For(string? serverName)
    {
        var body = new List<byte>(256);
        body.AddRange([0x03, 0x03, .. RandomNumberGenerator.GetBytes(32), 0]);
        body.AddRange(SuitesAndCompression);
        byte[] extensions = [.. NameOf(serverName), .. Extensions, .. RandomNumberGenerator.GetBytes(32)];
        body.AddRange([.. Length(extensions.Length), .. extensions]);
        return [Handshake, 0x03, 0x01, .. Length(body.Count + 4), 0x01, 0x00, .. Length(body.Count), .. body];
    }

    /// <summary>Whether this begins a ServerHello or an alert; null while there is too little of it.</summary>
    public static bool? IsAnswered(ReadOnlySpan<byte> answer)
    {
        if (answer.Length > 0 && answer[0] is not (Alert or Handshake))
            return false;
        if (answer.Length > 1 && answer[1] != 3)
            return false;
        if (answer.Length < 6)
            return null;
        return answer[0] == Alert || answer[5] == ServerHello;
    }

    private static byte[] NameOf(string? name)
    {
        if (name is null)
            return [];
        byte[] octets = Encoding.ASCII.GetBytes(name.TrimEnd('.'));
        return [0x00, 0x00, .. Length(octets.Length + 5), .. Length(octets.Length + 3), 0x00, .. Length(octets.Length), .. octets];
    }

    private static byte[] Length(int value)
    {
        byte[] length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)value);
        return length;
    }
}
