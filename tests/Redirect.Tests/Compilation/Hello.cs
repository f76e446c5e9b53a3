namespace Sluice.Redirect.Tests.Compilation;

/// <summary>ClientHellos with as little in them as there can be.</summary>
internal static class Hello
{
    public static byte[] Of(string? name, params string[] protocols)
    {
        byte[] body =
        [
            3, 3, .. new byte[32], 0, .. Sized(2, [0x13, 0x01]), .. Sized(1, [0]),
            .. Sized(2, [
                .. name is null ? [] : Extension(0, Sized(2, [0, .. Sized(2, Ascii(name))])),
                .. protocols.Length == 0 ? [] : Extension(16, Sized(2, [.. protocols.SelectMany(protocol => Sized(1, Ascii(protocol)))])),
            ]),
        ];
        return [22, 3, 1, .. Sized(2, [1, .. Sized(3, body)])];
    }

    private static byte[] Extension(byte type, byte[] content) => [0, type, .. Sized(2, content)];

    private static byte[] Sized(int width, byte[] content) =>
        [.. Enumerable.Range(1, width).Select(i => (byte)(content.Length >> (8 * (width - i)))), .. content];

    private static byte[] Ascii(string text) => System.Text.Encoding.ASCII.GetBytes(text);
}
