using System.Buffers.Binary;
using System.Text;

namespace Sluice.Redirect.Tests.Rules.Tls;

/// <summary>Builds the bytes of a ClientHello from its parts, also wrong ones.</summary>
internal sealed record Hello
{
    public const int GreaseType = 0x0A0A;

    public ushort Version { get; init; } = 0x0303;

    public byte[] SessionId { get; init; } = [];

    public byte[] Suites { get; init; } = [0x13, 0x01, 0xC0, 0x2F];

    public byte[] Methods { get; init; } = [0];

    /// <summary>Null: the hello ends before them.</summary>
    public byte[][]? Extensions { get; init; } = [];

    public byte[] Tail { get; init; } = [];

    public static Hello With(params byte[][] extensions) => new() { Extensions = extensions };

    /// <summary>The handshake message, its header included.</summary>
    public byte[] Message() => Message(1, [
        (byte)(Version >> 8), (byte)Version, .. Enumerable.Range(0, 32).Select(i => (byte)(i * 7)),
        .. Vector(1, SessionId), .. Vector(2, Suites), .. Vector(1, Methods),
        .. Extensions is null ? [] : Vector(2, Extensions.SelectMany(e => e).ToArray()), .. Tail]);

    /// <summary>The message in one record.</summary>
    public byte[] Stream() => Records.Wrap(Message());

    public static byte[] Message(byte type, byte[] body) => [type, .. Vector(3, body)];

    public static byte[] Extension(int type, params byte[] data) => [(byte)(type >> 8), (byte)type, .. Vector(2, data)];

    public static byte[] Sni(string name) => SniList((0, Encoding.Latin1.GetBytes(name)));

    public static byte[] SniList(params (byte Type, byte[] Name)[] names) =>
        Extension(0, Vector(2, names.SelectMany(n => (byte[])[n.Type, .. Vector(2, n.Name)]).ToArray()));

    public static byte[] Alpn(params string[] names) =>
        Extension(16, Vector(2, names.SelectMany(n => Vector(1, Encoding.Latin1.GetBytes(n))).ToArray()));

    /// <summary>Bytes behind their length, which is cut to so many bytes.</summary>
    public static byte[] Vector(int lengthBytes, byte[] bytes)
    {
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        return [.. length[(4 - lengthBytes)..], .. bytes];
    }
}
