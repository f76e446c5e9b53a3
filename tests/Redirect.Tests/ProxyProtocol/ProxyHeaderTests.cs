using System.Net;
using System.Text;
using Sluice.Redirect.ProxyProtocol;

namespace Sluice.Redirect.Tests.ProxyProtocol;

/// <summary>The examples and the borders of the specification, HAProxy's doc/proxy-protocol.txt.</summary>
public sealed class ProxyHeaderTests
{
    private const string Signature = "0D0A0D0A000D0A515549540A";

    [Theory]
    [InlineData("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n", "255.255.255.255:65535", 56)]
    [InlineData("PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\nGET / HTTP/1.1\r\n", "192.168.0.1:56324", 47)]
    [InlineData("PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n", "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535", 104)]
    [InlineData("PROXY TCP6 ::1 2001:DB8::2 0 1\r\n", "[::1]:0", 32)]
    [InlineData("PROXY UNKNOWN\r\n", "", 15)]
    [InlineData("PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n", "", 107)]
    public void Lines_of_the_specification_are_read(string line, string source, int length)
    {
        ProxyHeaderResult read = ProxyHeaderReader.Read(Encoding.ASCII.GetBytes(line));
        Assert.Equal((ProxyHeaderStatus.Complete, length, 1), (read.Status, read.Consumed, read.Header?.Version));
        Assert.Equal(source, $"{read.Header?.Source}");
    }

    [Theory]
    [InlineData("PROXYTCP4 1.2.3.4 1.2.3.4 1 1\r\n")]
    [InlineData("PROXY  TCP4 1.2.3.4 1.2.3.4 1 1\r\n")]
    [InlineData("PROXY tcp4 1.2.3.4 1.2.3.4 1 1\r\n")]
    [InlineData("PROXY TCP4 1.2.3.4 1.2.3.4 1\r\n")]
    [InlineData("PROXY TCP4 1.2.3.4 1.2.3.4 1 1 \r\n")]
    [InlineData("PROXY TCP4 1.2.3.4 1.2.3.4 1 1 1\r\n")]
    [InlineData("PROXY TCP4 1.2.3.4  1.2.3.4 1 1\r\n")]
    [InlineData("PROXY TCP4 1.2.3.4\t1.2.3.4 1 1\r\n")]
    [InlineData("PROXY TCP4 01.2.3.4 1.2.3.4 1 1\r\n")]
    [InlineData("PROXY TCP4 1.2.3 1.2.3.4 1 1\r\n")]
    [InlineData("PROXY TCP4 0x1.2.3.4 1.2.3.4 1 1\r\n")]
    [InlineData("PROXY TCP4 1.2.3.256 1.2.3.4 1 1\r\n")]
    [InlineData("PROXY TCP4 1.2.3.4 1.2.3.4 65536 1\r\n")]
    [InlineData("PROXY TCP4 1.2.3.4 1.2.3.4 01 1\r\n")]
    [InlineData("PROXY TCP4 1.2.3.4 1.2.3.4 +1 1\r\n")]
    [InlineData("PROXY TCP4 1.2.3.4 1.2.3.4 1 \r\n")]
    [InlineData("PROXY TCP4 ::1 ::1 1 1\r\n")]
    [InlineData("PROXY TCP6 1.2.3.4 1.2.3.4 1 1\r\n")]
    [InlineData("PROXY TCP6 [::1] ::1 1 1\r\n")]
    [InlineData("PROXY TCP6 fe80::1%1 ::1 1 1\r\n")]
    [InlineData("PROXY TCP6 1::2::3 ::1 1 1\r\n")]
    [InlineData("PROXY UDP4 1.2.3.4 1.2.3.4 1 1\r\n")]
    [InlineData("PROXY \r\n")]
    [InlineData("PROXY UNKNOWNffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 655350\r\n")]
    [InlineData("PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 655350\r\n")]
    [InlineData("PROXY TCP4 1.2.3.4 1.2.3.4 1 1\n and then nothing that ends a line for as long as a line may be, which is over now.")]
    public void Lines_that_break_the_form_are_invalid(string line) =>
        Assert.Equal(ProxyHeaderStatus.Invalid, ProxyHeaderReader.Read(Encoding.ASCII.GetBytes(line)).Status);

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("PROX")]
    [InlineData("proxy TCP4 1.2.3.4 1.2.3.4 1 1\r\n")]
    [InlineData("\r\n\r\nQUIT\n")]
    public void What_begins_otherwise_is_no_header(string data) => Assert.Equal(
        data == "PROX" ? ProxyHeaderStatus.NeedMore : ProxyHeaderStatus.Absent, ProxyHeaderReader.Read(Encoding.ASCII.GetBytes(data)).Status);

    [Theory]
    [InlineData("21 11 000C C0A80001 C0A8000B DC04 01BB", "v2 Proxy 192.168.0.1:56324 > 192.168.0.11:443")]
    [InlineData("21 21 0024 20010DB8000000000000000000000001 20010DB8000000000000000000000002 0001 FFFF", "v2 Proxy [2001:db8::1]:1 > [2001:db8::2]:65535")]
    [InlineData("21 11 0013 C0A80001 C0A8000B DC04 01BB 020004 61626364", "v2 Proxy 192.168.0.1:56324 > 192.168.0.11:443 02=61626364")]
    [InlineData("21 11 0012 C0A80001 C0A8000B DC04 01BB 040000 E00000", "v2 Proxy 192.168.0.1:56324 > 192.168.0.11:443 e0=")]
    [InlineData("20 00 0000", "v2 Local  > ")]
    [InlineData("20 11 000C C0A80001 C0A8000B DC04 01BB", "v2 Local  > ")]
    [InlineData("20 FF 0003 FFFFFF", "v2 Local  > ")]
    [InlineData("21 00 0000", "v2 Proxy  > ")]
    [InlineData("21 00 0004 E2000107", "v2 Proxy  >  e2=07")]
    [InlineData("21 00 0002 FFFF", "v2 Proxy  > ")]
    [InlineData("21 12 000C C0A80001 C0A8000B DC04 01BB", "v2 Proxy  > ")]
    public void Binary_headers_of_the_specification_are_read(string hex, string shape)
    {
        byte[] bytes = Convert.FromHexString(Signature + hex.Replace(" ", "", StringComparison.Ordinal));
        ProxyHeaderResult read = ProxyHeaderReader.Read([.. bytes, .. "data"u8]);
        Assert.Equal((shape, bytes.Length), (Headers.Shape(read.Header), read.Consumed));
    }

    [Theory]
    [InlineData("11 11 000C C0A80001 C0A8000B DC04 01BB", "its version or command is unknown")]
    [InlineData("22 11 000C C0A80001 C0A8000B DC04 01BB", "its version or command is unknown")]
    [InlineData("21 41 000C C0A80001 C0A8000B DC04 01BB", "its address family or protocol is unknown")]
    [InlineData("21 13 000C C0A80001 C0A8000B DC04 01BB", "its address family or protocol is unknown")]
    [InlineData("21 11 000B C0A80001 C0A8000B DC04 01", "it is too short for its addresses")]
    [InlineData("21 31 0010 00000000000000000000000000000000", "it is too short for its addresses")]
    [InlineData("21 11 0010 C0A80001 C0A8000B DC04 01BB 02000261", "a vector is longer than the header")]
    [InlineData("21 11 000E C0A80001 C0A8000B DC04 01BB 0200", "a vector is longer than the header")]
    [InlineData("21 11 0013 C0A80001 C0A8000B DC04 01BB 030004 00000000", "its checksum is wrong")]
    [InlineData("21 11 0012 C0A80001 C0A8000B DC04 01BB 030003 000000", "it has a checksum that is not of 4 bytes, or more than one")]
    public void Binary_headers_that_break_the_form_are_invalid(string hex, string problem) => Assert.Equal(
        problem, ProxyHeaderReader.Read(Convert.FromHexString(Signature + hex.Replace(" ", "", StringComparison.Ordinal))).Problem);

    // RFC 3720, B.4, has this checksum of 32 zeros. The reference is the definition bit by bit, not a table or an instruction.
    [Fact]
    public void The_checksum_is_the_one_of_the_standard()
    {
        Assert.Equal(0x8A9136AAu, Bitwise(new byte[32]));
        byte[] bytes = ProxyHeaderWriter.Write(
            new ProxyHeader(2, ProxyCommand.Proxy, IPEndPoint.Parse("1.2.3.4:5"), IPEndPoint.Parse("6.7.8.9:10")), withChecksum: true);
        uint written = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(bytes.Length - 4));
        bytes.AsSpan(bytes.Length - 4).Clear();
        Assert.Equal(Bitwise(bytes), written);
    }

    [Fact]
    public void More_than_the_allowed_bytes_are_refused_before_they_have_come()
    {
        byte[] begin = Convert.FromHexString(Signature + "2111" + "1000");
        Assert.Equal("it is longer than max_bytes", ProxyHeaderReader.Read(begin, 4096).Problem);
        Assert.Equal(ProxyHeaderStatus.NeedMore, ProxyHeaderReader.Read(begin, 4096 + 16).Status);
    }

    [Fact]
    public void A_local_header_is_of_the_version_asked_for()
    {
        Assert.Equal("PROXY UNKNOWN\r\n", Encoding.ASCII.GetString(ProxyHeaderWriter.Local(1)));
        Assert.Equal(Signature + "20000000", Convert.ToHexString(ProxyHeaderWriter.Local(2)));
    }

    [Theory]
    [InlineData("[::ffff:1.2.3.4]:5", "[::ffff:6.7.8.9]:10", "TCP4 1.2.3.4 6.7.8.9 5 10")]
    [InlineData("1.2.3.4:5", "[2001:db8::1]:10", "TCP6 ::ffff:1.2.3.4 2001:db8::1 5 10")]
    [InlineData("[fe80::1%3]:5", "[fe80::2%3]:10", "TCP6 fe80::1 fe80::2 5 10")]
    public void Both_addresses_are_of_one_family(string source, string destination, string line)
    {
        byte[] bytes = ProxyHeaderWriter.Write(new ProxyHeader(1, ProxyCommand.Proxy, IPEndPoint.Parse(source), IPEndPoint.Parse(destination)));
        Assert.Equal($"PROXY {line}\r\n", Encoding.ASCII.GetString(bytes));
        Assert.True(ProxyHeaderReader.Read(bytes).IsComplete);
    }

    private static uint Bitwise(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte one in bytes)
        {
            crc ^= one;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
        }

        return ~crc;
    }
}
