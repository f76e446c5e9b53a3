using System.Text;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Rules.Tls;

namespace Sluice.Redirect.Compilation;

/// <summary>Tests names of the ClientHello that the message begins with.</summary>
internal readonly struct NameLeaf
{
    private readonly string[]? _hostNames;
    private readonly byte[][]? _protocols;

    internal NameLeaf(NameTest test)
    {
        if (test.Field == Field.Sni)
            _hostNames = [.. test.Patterns];
        else
            _protocols = [.. test.Patterns.Select(Encoding.Latin1.GetBytes)];
    }

    internal Truth Test(ref Evaluation evaluation)
    {
        ref readonly ClientHelloResult hello = ref evaluation.Hello();
        return hello.Status switch
        {
            ClientHelloStatus.Incomplete => evaluation.Without((long)evaluation.Data.Length + 1),
            ClientHelloStatus.Complete => Truth.Of(_hostNames is null ? Offers(hello.Alpn) : Asks(hello.ServerName)),
            _ => Truth.False,
        };
    }

    private bool Asks(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
            return false;

        foreach (string pattern in _hostNames!)
        {
            if (HostNamePattern.Matches(name, pattern))
                return true;
        }

        return false;
    }

    private bool Offers(AlpnNames names)
    {
        foreach (ReadOnlySpan<byte> name in names)
        {
            foreach (byte[] protocol in _protocols!)
            {
                if (name.SequenceEqual(protocol))
                    return true;
            }
        }

        return false;
    }
}
