using System.Net.Security;
using System.Security.Authentication;
using Sluice.Redirect.Rules.Tls;

namespace Sluice.Redirect.Tests.Rules.Tls;

/// <summary>What real clients send: .NET's own, now, and those of the corpus.</summary>
public sealed class RealHelloTests
{
    public static TheoryData<string> Corpus => [.. Directory.GetFiles(HelloFile.Folder, "*.hex").Select(path => Path.GetFileName(path))];

    [Theory]
    [InlineData(SslProtocols.None)]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task The_hello_of_SslStream_is_read(SslProtocols versions)
    {
        byte[] stream = await FirstBytes(new SslClientAuthenticationOptions
        {
            TargetHost = "dotnet.example.net",
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            EnabledSslProtocols = versions,
        });
        Assert.Equal(new Found(ClientHelloStatus.Complete, "dotnet.example.net", "(h2)(http/1.1)"), Found.In(stream));
        ClientHelloProperties.CutAtEveryByte(stream);
    }

    [Fact]
    public async Task The_hello_of_SslStream_to_an_address_names_nothing() => Assert.Equal(
        new Found(ClientHelloStatus.Complete), Found.In(await FirstBytes(new SslClientAuthenticationOptions { TargetHost = "127.0.0.1" })));

    [Theory]
    [MemberData(nameof(Corpus))]
    public void The_kept_streams_are_read_as_they_were(string file)
    {
        HelloFile kept = HelloFile.Read(Path.Combine(HelloFile.Folder, file));
        Found found = Found.In(kept.Bytes);
        Assert.Equal(ReferenceHello.Read(kept.Bytes), found);
        ClientHelloProperties.CutAtEveryByte(kept.Bytes);
        if (kept.Expected?.Split(' ') is [var status, var name, var alpn])
            Assert.Equal(
                new Found(Enum.Parse<ClientHelloStatus>(status), name == "-" ? "" : name, alpn == "-" ? "" : Found.Protocols(alpn.Split(','))), found);
    }

    // The stream ends where the server's answer should come, which is an error to the client.
    private static async Task<byte[]> FirstBytes(SslClientAuthenticationOptions options)
    {
        using var sent = new WriteOnly();
        using var client = new SslStream(sent);
        await Assert.ThrowsAnyAsync<Exception>(() => client.AuthenticateAsClientAsync(options, TestContext.Current.CancellationToken));
        return sent.ToArray();
    }

    private sealed class WriteOnly : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(0);
    }
}
