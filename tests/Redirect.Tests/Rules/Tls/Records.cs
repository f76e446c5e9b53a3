namespace Sluice.Redirect.Tests.Rules.Tls;

/// <summary>Divides handshake messages into TLS records.</summary>
internal static class Records
{
    /// <summary>One record of bytes.</summary>
    public static byte[] One(byte type, byte[] bytes, byte minor = 1) => [type, 3, minor, .. Hello.Vector(2, bytes)];

    /// <summary>Records of the given lengths, over and over until the message ends; 0 is an empty record. No lengths: one record.</summary>
    public static byte[] Wrap(byte[] message, byte minor = 1, params int[] lengths)
    {
        if (!lengths.Any(length => length > 0))
            return One(22, message, minor);

        List<byte> stream = [];
        for (int at = 0, i = 0; at < message.Length; i++)
        {
            byte[] part = message[at..Math.Min(message.Length, at + lengths[i % lengths.Length])];
            stream.AddRange(One(22, part, minor));
            at += part.Length;
        }

        return [.. stream];
    }
}
