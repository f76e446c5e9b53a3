using System.Text;
using Sluice.Redirect.Rules.Tls;

namespace Sluice.Redirect.Tests.Rules.Tls;

/// <summary>A result that can be kept and compared. Bytes of names are characters.</summary>
/// <param name="Status">As found.</param>
/// <param name="Name">The server's name; empty: none.</param>
/// <param name="Alpn">The protocols, each in parentheses, so that no name can look like two.</param>
internal sealed record Found(ClientHelloStatus Status, string Name = "", string Alpn = "")
{
    public static Found In(ReadOnlySpan<byte> bytes)
    {
        ClientHelloResult result = ClientHello.Read(bytes);
        return new Found(result.Status, Encoding.Latin1.GetString(result.ServerName), Protocols(result));
    }

    public static string Protocols(IEnumerable<string> names) => string.Concat(names.Select(name => $"({name})"));

    private static string Protocols(in ClientHelloResult result)
    {
        List<string> names = [];
        foreach (ReadOnlySpan<byte> name in result.Alpn)
            names.Add(Encoding.Latin1.GetString(name));
        return Protocols(names);
    }
}
