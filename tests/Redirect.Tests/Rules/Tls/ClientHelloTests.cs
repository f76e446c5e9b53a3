using Sluice.Redirect.Rules.Tls;
using static Sluice.Redirect.Rules.Tls.ClientHelloStatus;

namespace Sluice.Redirect.Tests.Rules.Tls;

public sealed class ClientHelloTests
{
    private static readonly byte[] Ordinary = Hello.With(
        Hello.Extension(Hello.GreaseType), Hello.Sni("www.example.com"), Hello.Extension(23), Hello.Alpn("h2", "http/1.1")).Stream();

    [Fact]
    public void The_names_are_found_among_other_extensions() =>
        Assert.Equal(new Found(Complete, "www.example.com", "(h2)(http/1.1)"), Found.In(Ordinary));

    [Fact]
    public void What_follows_the_hello_is_not_looked_at() =>
        Assert.Equal(Found.In(Ordinary), Found.In([.. Ordinary, 0xFF, .. new byte[20_000]]));

    [Fact]
    public void A_message_that_shares_the_record_is_not_looked_at() =>
        Assert.Equal(Complete, Found.In(Records.One(22, [.. Hello.With().Message(), 0xFF, 0xFF])).Status);

    [Fact]
    public void No_bytes_are_too_few() => Assert.Equal(new Found(Incomplete), Found.In([]));

    [Theory]
    [InlineData(0), InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(0xFF)]
    public void The_minor_version_of_a_record_has_no_meaning(byte minor) =>
        Assert.Equal("a.example", Found.In(Records.Wrap(Hello.With(Hello.Sni("a.example")).Message(), minor)).Name);

    [Theory]
    [InlineData(0x0300), InlineData(0x0301), InlineData(0x0302), InlineData(0x0303), InlineData(0x0304)]
    public void Every_version_of_TLS_has_the_same_hello(ushort version) =>
        Assert.Equal("a.example", Found.In((Hello.With(Hello.Sni("a.example")) with { Version = version }).Stream()).Name);

    [Fact]
    public void A_hello_may_end_before_extensions() =>
        Assert.Equal(new Found(Complete), Found.In(new Hello { Extensions = null }.Stream()));

    [Fact]
    public void A_hello_may_have_an_empty_list_of_extensions() => Assert.Equal(new Found(Complete), Found.In(Hello.With().Stream()));

    [Fact]
    public void Session_ids_have_up_to_32_bytes()
    {
        Assert.Equal(Complete, Found.In(new Hello { SessionId = new byte[32] }.Stream()).Status);
        Assert.Equal(Malformed, Found.In(new Hello { SessionId = new byte[33] }.Stream()).Status);
    }

    [Theory]
    [InlineData("WWW.Example.COM."), InlineData("a\0b.example.com"), InlineData("\u00e9\u00ff"), InlineData("10.0.0.1"), InlineData(".")]
    public void A_name_is_given_as_it_stands(string name) =>
        Assert.Equal(new Found(Complete, name), Found.In(Hello.With(Hello.Sni(name)).Stream()));

    [Fact]
    public void A_host_name_has_1_to_255_bytes()
    {
        Assert.Equal(new string('a', 255), Found.In(Hello.With(Hello.Sni(new string('a', 255))).Stream()).Name);
        Assert.Equal(new Found(Malformed), Found.In(Hello.With(Hello.Sni(new string('a', 256))).Stream()));
        Assert.Equal(new Found(Malformed), Found.In(Hello.With(Hello.Sni("")).Stream()));
    }

    [Fact]
    public void Names_of_other_types_are_stepped_over()
    {
        Assert.Equal(new Found(Complete, "a"), Found.In(Hello.With(Hello.SniList((7, new byte[300]), (0, "a"u8.ToArray()), (7, []))).Stream()));
        Assert.Equal(new Found(Complete), Found.In(Hello.With(Hello.SniList((7, "a"u8.ToArray()))).Stream()));
    }

    [Fact]
    public void Two_host_names_are_one_too_many() =>
        Assert.Equal(new Found(Malformed), Found.In(Hello.With(Hello.SniList((0, "a"u8.ToArray()), (0, "b"u8.ToArray()))).Stream()));

    [Fact]
    public void The_outer_name_counts_with_encrypted_client_hello() => Assert.Equal(
        "public.example", Found.In(Hello.With(Hello.Extension(0xFE0D, new byte[200]), Hello.Sni("public.example")).Stream()).Name);

    [Theory]
    [InlineData(0), InlineData(16), InlineData(23), InlineData(Hello.GreaseType), InlineData(0xFFFF)]
    public void An_extension_is_there_once(int type)
    {
        byte[] extension = type switch { 0 => Hello.Sni("a"), 16 => Hello.Alpn("h2"), _ => Hello.Extension(type) };
        Assert.Equal(Complete, Found.In(Hello.With(extension).Stream()).Status);
        Assert.Equal(new Found(Malformed), Found.In(Hello.With(extension, Hello.Extension(51), extension).Stream()));
    }

    public static TheoryData<string, byte[]> Broken => new()
    {
        { "an empty server_name", Hello.With(Hello.Extension(0)).Stream() },
        { "an empty list of names", Hello.With(Hello.Extension(0, 0, 0)).Stream() },
        { "bytes after the list of names", Hello.With(Hello.Extension(0, [.. Hello.Sni("a")[4..], 0])).Stream() },
        { "a list of names longer than its extension", Hello.With(Hello.Extension(0, 0, 9, 0, 0, 1, 0x61)).Stream() },
        { "a name longer than its list", Hello.With(Hello.Extension(0, 0, 4, 0, 0, 2, 0x61), Hello.Extension(5)).Stream() },
        { "a list of names that ends in a length", Hello.With(Hello.Extension(0, 0, 2, 0, 0)).Stream() },
        { "an empty ALPN", Hello.With(Hello.Extension(16)).Stream() },
        { "an empty list of protocols", Hello.With(Hello.Alpn()).Stream() },
        { "an empty protocol", Hello.With(Hello.Alpn("h2", "")).Stream() },
        { "a protocol longer than its list", Hello.With(Hello.Extension(16, 0, 3, 3, 0x68, 0x32)).Stream() },
        { "bytes after the list of protocols", Hello.With(Hello.Extension(16, 0, 3, 2, 0x68, 0x32, 0)).Stream() },
        { "an extension longer than all", Hello.With(Hello.Extension(23), [0, 5, 0, 1]).Stream() },
        { "half an extension's type", Hello.With([0]).Stream() },
        { "bytes after the extensions", new Hello { Tail = [0] }.Stream() },
        { "half a length of extensions", new Hello { Extensions = null, Tail = [0] }.Stream() },
        { "no cipher suites", new Hello { Suites = [] }.Stream() },
        { "half a cipher suite", new Hello { Suites = [0x13, 0x01, 0x13] }.Stream() },
        { "no compression method", new Hello { Methods = [] }.Stream() },
        { "a body that ends in the random", Records.One(22, Hello.Message(1, new byte[33])) },
        { "an empty body", Records.One(22, [1, 0, 0, 0]) },
        { "a record of more than 2^14 bytes", [22, 3, 1, 0x40, 0x01] },
        { "an alert in the middle", [.. Records.One(22, Hello.With().Message()[..9]), 21] },
        { "another major version in the middle", [.. Records.One(22, Hello.With().Message()[..9]), 22, 4] },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void What_contradicts_itself_is_malformed(string what, byte[] stream) => Assert.Equal((what, new Found(Malformed)), (what, Found.In(stream)));

    public static TheoryData<string, byte[]> Others => new()
    {
        { "HTTP", "GET / HTTP/1.1\r\n"u8.ToArray() },
        { "SSH", "SSH-2.0-OpenSSH_9.2\r\n"u8.ToArray() },
        { "an SSL 2.0 hello", [0x80, 0x2E, 0x01, 0x03, 0x01] },
        { "an alert", Records.One(21, [2, 40]) },
        { "a change of cipher", Records.One(20, [1]) },
        { "DTLS", [22, 0xFE] },
        { "a ServerHello", Records.One(22, [2]) },
        { "a HelloRequest", Records.One(22, [0, 0, 0, 0]) },
        { "one zero", [0] },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void What_begins_otherwise_is_not_TLS(string what, byte[] stream) => Assert.Equal((what, new Found(NotTls)), (what, Found.In(stream)));

    [Fact]
    public void A_hello_may_fill_the_limit_and_no_more()
    {
        const int Rest = ClientHello.MostBytes - 5 - 4 - 34 - 1 - 6 - 2 - 2 - 4;
        byte[] longest = Hello.With(Hello.Extension(21, new byte[Rest])).Stream();
        Assert.Equal(ClientHello.MostBytes, longest.Length);
        Assert.Equal(Complete, Found.In(longest).Status);
        Assert.Equal(Incomplete, Found.In(longest.AsSpan(0, longest.Length - 1)).Status);

        byte[] longer = Hello.With(Hello.Extension(21, new byte[Rest + 1])).Message();
        Assert.Equal(TooLong, Found.In(Records.Wrap(longer, 1, 10_000)).Status);
        Assert.Equal(TooLong, Found.In(Records.Wrap(longer, 1, 4).AsSpan(0, 9)).Status);
        Assert.Equal(Incomplete, Found.In(Records.Wrap(longer, 1, 4).AsSpan(0, 8)).Status);
    }

    [Fact]
    public void Headers_of_records_count_against_the_limit()
    {
        byte[] message = Hello.With(Hello.Extension(21, new byte[3000])).Message();
        Assert.Equal(Complete, Found.In(Records.Wrap(message, 1, 2)).Status);
        byte[] stream = Records.Wrap(message, 1, 1);
        Assert.Equal(Incomplete, Found.In(stream.AsSpan(0, ClientHello.MostBytes - 1)).Status);
        Assert.Equal(TooLong, Found.In(stream.AsSpan(0, ClientHello.MostBytes)).Status);
    }

    [Fact]
    public void Empty_records_are_stepped_over_until_the_limit()
    {
        byte[] empty = Records.One(22, []);
        Assert.Equal(Found.In(Ordinary), Found.In([.. empty, .. empty, .. Ordinary]));
        Assert.Equal(TooLong, Found.In([.. Enumerable.Repeat(empty, 4000).SelectMany(e => e)]).Status);
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        byte[] cut = Records.Wrap(Hello.With(Hello.Sni("www.example.com"), Hello.Alpn("h2", "http/1.1")).Message(), 1, 3);
        Assert.Equal(2 * (15 + 2 + 8), Count(cut) + Count(Ordinary));
        long before = GC.GetAllocatedBytesForCurrentThread();
        int count = Count(cut) + Count(Ordinary);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(2 * (15 + 2 + 8), count);

        static int Count(byte[] stream)
        {
            ClientHelloResult result = ClientHello.Read(stream);
            int count = result.ServerName.Length;
            foreach (ReadOnlySpan<byte> name in result.Alpn)
                count += name.Length;
            return count;
        }
    }
}
