using CsCheck;
using static Sluice.Redirect.Rules.Tls.ClientHelloStatus;

namespace Sluice.Redirect.Tests.Rules.Tls;

public sealed class ClientHelloProperties
{
    [Fact]
    public void The_reader_finds_what_the_reference_finds_however_the_hello_is_divided() =>
        Gen.Select(HelloGen.Any, HelloGen.Lengths).Sample((hello, lengths) =>
        {
            byte[] stream = Records.Wrap(hello.Message(), 1, lengths);
            Found expected = ReferenceHello.Read(stream);
            Assert.Equal(expected, Found.In(stream));
            if (expected.Status != TooLong)
                Assert.Equal(Found.In(hello.Stream()), expected);
        });

    [Fact]
    public void A_hello_is_incomplete_until_its_last_byte_and_what_is_decided_stands() =>
        Gen.Select(HelloGen.Any, HelloGen.Lengths).Sample((hello, lengths) =>
        {
            byte[] stream = Records.Wrap(hello.Message(), 1, lengths);
            CutAtEveryByte(stream);
            if (Found.In(stream).Status == Complete)
                Assert.Equal(new Found(Incomplete), Found.In(stream.AsSpan(0, stream.Length - 1)));
        });

    [Fact]
    public void Changed_hellos_are_read_as_the_reference_reads_them() =>
        Gen.Select(HelloGen.Any, HelloGen.Lengths, Gen.Select(Gen.Double.Unit, Gen.Byte).Array[1, 4]).Sample((hello, lengths, changes) =>
        {
            byte[] stream = Records.Wrap(hello.Message(), 1, lengths);
            foreach ((double at, byte value) in changes)
                stream[(int)(at * (stream.Length - 1))] = value;
            Assert.Equal(ReferenceHello.Read(stream), Found.In(stream));
            CutAtEveryByte(stream);
        });

    [Fact]
    public void Random_bytes_are_read_as_the_reference_reads_them() =>
        Gen.Select(Gen.OneOf(0, 1, 3, 5, 6, 9), Gen.Byte.Array[0, 300]).Sample((kept, bytes) =>
        {
            byte[] stream = [.. Hello.With().Stream()[..kept], .. bytes];
            Assert.Equal(ReferenceHello.Read(stream), Found.In(stream));
        });

    /// <summary>Every prefix is either not decided, or decided as the whole is.</summary>
    internal static void CutAtEveryByte(byte[] stream)
    {
        Found whole = Found.In(stream);
        bool isDecided = false;
        for (int length = 0; length <= stream.Length; length++)
        {
            Found prefix = Found.In(stream.AsSpan(0, length));
            Assert.Equal(isDecided || prefix.Status != Incomplete ? whole : new Found(Incomplete), prefix);
            isDecided = prefix.Status != Incomplete;
        }
    }
}
