using CsCheck;
using Sluice.Redirect.ProxyProtocol;

namespace Sluice.Redirect.Tests.ProxyProtocol;

public sealed class ProxyHeaderProperties
{
    [Fact]
    public void What_is_written_reads_back_and_the_data_behind_it_is_not_touched() =>
        Gen.Select(Headers.Any, Gen.Bool, Gen.Byte.Array[0, 50]).Sample((header, withChecksum, data) =>
        {
            byte[] written = ProxyHeaderWriter.Write(header, withChecksum);
            ProxyHeaderResult read = ProxyHeaderReader.Read([.. written, .. data]);
            Assert.True(read.IsComplete, read.Problem);
            Assert.Equal(Headers.Shape(header), Headers.Shape(read.Header));
            Assert.Equal(written.Length, read.Consumed);
        });

    [Fact]
    public void A_header_is_wanted_to_its_last_byte() =>
        Gen.Select(Headers.Any, Gen.Bool).Sample((header, withChecksum) =>
        {
            byte[] written = ProxyHeaderWriter.Write(header, withChecksum);
            for (int length = 0; length < written.Length; length++)
                Assert.Equal(ProxyHeaderStatus.NeedMore, ProxyHeaderReader.Read(written.AsSpan(0, length)).Status);
        });

    [Fact]
    public void Damage_of_any_kind_gives_an_answer_that_stands() =>
        Gen.Select(Headers.Any, Gen.Bool, Gen.Select(Gen.Double.Unit, Gen.Byte).Array[1, 4], Gen.Int[16, 400]).Sample((header, withChecksum, changes, most) =>
        {
            byte[] bytes = ProxyHeaderWriter.Write(header, withChecksum);
            foreach ((double at, byte value) in changes)
                bytes[(int)(at * (bytes.Length - 1))] = value;
            CutAtEveryByte(bytes, most);
        });

    [Fact]
    public void Random_bytes_give_an_answer_that_stands() =>
        Gen.Select(Gen.OneOf("", "PROXY", "PROXY ", "PROXY TCP4 ", "PROXY UNKNOWN"), Gen.Byte.Array[0, 150])
            .Sample((begin, bytes) => CutAtEveryByte([.. System.Text.Encoding.ASCII.GetBytes(begin), .. bytes], 4096));

    [Fact]
    public void Random_vectors_behind_a_good_beginning_give_an_answer_that_stands() =>
        Gen.Select(Gen.OneOf<byte>(0x00, 0x11, 0x21, 0x31, 0x12), Gen.Byte.Array[0, 300]).Sample((family, block) => CutAtEveryByte(
            [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A, 0x21, family, (byte)(block.Length >> 8), (byte)block.Length, .. block], 4096));

    [Fact]
    public void Any_bit_that_falls_over_is_found_by_the_checksum() =>
        Gen.Select(Headers.Binary.Where(header => header.Command == ProxyCommand.Proxy && header.Source is not null), Gen.Int[0, 1 << 20]).Sample((header, at) =>
        {
            byte[] bytes = ProxyHeaderWriter.Write(header, withChecksum: true);
            // The addresses: the length and the heads of vectors have meanings of their own.
            int bit = at % (12 * 8);
            bytes[16 + (bit / 8)] ^= (byte)(1 << (bit % 8));
            Assert.Equal("its checksum is wrong", ProxyHeaderReader.Read(bytes).Problem);
        });

    // Exactly as long as it is: a read behind the last byte would throw.
    private static void CutAtEveryByte(byte[] bytes, int most)
    {
        ProxyHeaderResult whole = ProxyHeaderReader.Read(bytes, most);
        bool isDecided = false;
        for (int length = 0; length <= bytes.Length; length++)
        {
            ProxyHeaderResult prefix = ProxyHeaderReader.Read(bytes.AsSpan(0, length), most);
            isDecided |= prefix.Status != ProxyHeaderStatus.NeedMore;
            Assert.Equal(isDecided ? Headers.Shape(whole) : Headers.Shape(default(ProxyHeaderResult)), Headers.Shape(prefix));
            Assert.InRange(prefix.Consumed, 0, Math.Min(length, most));
        }
    }
}
