using System.Buffers.Binary;

namespace Sluice.Fuzz;

/// <summary>Makes new inputs of old ones.</summary>
internal sealed class Mutator(Random random, List<byte[]> pool, FuzzTarget target)
{
    private const int MostChanges = 6;

    private static readonly byte[] Edges = [0, 1, 2, 0x0A, 0x10, 0x16, 0x20, 0x40, 0x7F, 0x80, 0xFE, 0xFF];

    /// <summary>One or a few changes of one of the pool.</summary>
    public byte[] Next()
    {
        List<byte> bytes = [.. Any(pool)];
        for (int changes = random.Next(1, MostChanges); changes > 0; changes--)
            Change(bytes);
        if (target.Reshape is { } reshape && random.Next(4) == 0)
            bytes = [.. reshape([.. bytes], random)];
        return [.. bytes.Take(target.MostBytes)];
    }

    private void Change(List<byte> bytes)
    {
        int at = random.Next(bytes.Count + 1);
        int count = Math.Min(random.Next(1, random.Next(2) == 0 ? 5 : 200), bytes.Count - at);
        switch (random.Next(9))
        {
            case 0 when count > 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when count > 0:
                bytes[at] = Edges[random.Next(Edges.Length)];
                break;
            case 2 when count > 0:
                bytes[at] = (byte)random.Next(256);
                break;
            case 3:
                bytes.RemoveRange(at, count);
                break;
            case 4:
                bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, count));
                break;
            case 5 when count >= 2:
                Add(bytes, at, random.Next(-8, 9));
                break;
            case 6 when target.Words.Length > 0:
                bytes.InsertRange(at, target.Words[random.Next(target.Words.Length)]);
                break;
            case 7:
                byte[] other = Any(pool);
                int from = random.Next(other.Length + 1);
                bytes.InsertRange(at, other.AsSpan(from, random.Next(other.Length - from + 1)));
                break;
            default:
                bytes.Insert(at, (byte)random.Next(256));
                break;
        }
    }

    // Lengths are two bytes more often than not.
    private static void Add(List<byte> bytes, int at, int difference)
    {
        Span<byte> two = [bytes[at], bytes[at + 1]];
        BinaryPrimitives.WriteUInt16BigEndian(two, (ushort)(BinaryPrimitives.ReadUInt16BigEndian(two) + difference));
        (bytes[at], bytes[at + 1]) = (two[0], two[1]);
    }

    private byte[] Any(List<byte[]> inputs) => inputs[random.Next(inputs.Count)];
}
