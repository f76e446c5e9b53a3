using System.Text;

namespace Sluice.Programs.Examples;

/// <summary>Draws streams that no client should send: noise, and beginnings of what the examples' protocols send.</summary>
internal static class ByteSource
{
    private static readonly byte[][] Beginnings =
    [
        [], "\r\n"u8.ToArray(), "*1\r\n$8\r\nFLUSH"u8.ToArray(), "CONFIG "u8.ToArray(), "KEYS *\r\n"u8.ToArray(), "GET / HTTP/1.1\r\n"u8.ToArray(),
        "DELETE "u8.ToArray(), "SSH-2.0-x\r\n"u8.ToArray(), [0x10, 0x0c, 0, 4], [0x30, 0xff, 0xff, 0xff, 0x7f], [0x30, 0xff, 0xff, 0xff, 0xff, 1],
        [0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 0, 9, 1, 0x60], [0, 0, 0, 9, 1, 0xf0], [0xff, 0xff, 0xff, 0xff], [0, 0, 0, 60, 0, 3, 0, 0],
        [0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f], [0x16, 3, 1, 0, 200, 1, 0, 0, 196, 3, 3], [0x16, 3, 1, 0xff, 0xff, 1, 0xff, 0xff, 0xff], [0x16, 3, 0, 0, 0],
    ];

    /// <summary>The same stream for the same random numbers.</summary>
    public static byte[] Draw(Random random)
    {
        var bytes = new List<byte>();
        for (int pieces = random.Next(1, 5); pieces > 0; pieces--)
        {
            bytes.AddRange(Beginnings[random.Next(Beginnings.Length)]);
            bytes.AddRange(Noise(random));
        }

        return [.. bytes];
    }

    private static byte[] Noise(Random random)
    {
        byte[] noise = new byte[random.Next(20) == 0 ? random.Next(300_000) : random.Next(random.Next(2) == 0 ? 4 : 600)];
        switch (random.Next(3))
        {
            case 0:
                random.NextBytes(noise);
                break;
            case 1: // small numbers make lengths that are possible
                for (int i = 0; i < noise.Length; i++)
                    noise[i] = (byte)random.Next(random.Next(8) == 0 ? 256 : 3);
                break;
            default:
                Encoding.ASCII.GetBytes(random.GetItems("abCD 019\r\n*$"u8.ToArray().Select(b => (char)b).ToArray(), noise.Length)).CopyTo(noise, 0);
                break;
        }

        return noise;
    }
}
