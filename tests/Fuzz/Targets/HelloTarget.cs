using System.Text;
using Sluice.Redirect.Rules.Tls;
using Sluice.Redirect.Tests.Rules.Tls;

namespace Sluice.Fuzz.Targets;

/// <summary>The reader of ClientHellos finds what the reference finds, and what a prefix decided stands.</summary>
internal static class HelloTarget
{
    private const int Prefixes = 8;

    public static FuzzTarget Value { get; } = new("hello", new Corpus("tests/Redirect.Tests/Rules/Tls/corpus", "hex"), Run)
    {
        Words = [Hello.Sni("a.example.com"), Hello.Alpn("h2", "http/1.1"), Hello.Extension(Hello.GreaseType), Hello.Extension(0xFE0D, new byte[50]), Records.One(22, []), [22, 3, 1, 0, 1]],
        Reshape = Divide,
    };

    private static void Run(byte[] input)
    {
        Found found = Found.In(input);
        Check.Equal(ReferenceHello.Read(input), found, "the hello");
        for (int i = 1; i < Prefixes; i++)
        {
            int length = input.Length * i / Prefixes;
            Found prefix = Found.In(input.AsSpan(0, length));
            if (prefix.Status != ClientHelloStatus.Incomplete)
                Check.Equal(found, prefix, $"the first {length} bytes");
        }

        if (HostNamePattern.Matches(Encoding.Latin1.GetBytes(found.Name), "*.example.com"))
            Check.Equal(true, HostNamePattern.IsValid(found.Name.TrimEnd('.')), "the name that matched");
    }

    // Other records for the same message; what is no record stays as it is.
    private static byte[] Divide(byte[] input, Random random)
    {
        List<byte> message = [];
        int at = 0;
        while (at + 5 <= input.Length && input[at] == 22 && at + 5 + Length(at) <= input.Length)
        {
            message.AddRange(input.AsSpan(at + 5, Length(at)));
            at += 5 + Length(at);
        }

        int[] lengths = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(0, random.Next(2) == 0 ? 4 : 300))];
        return [.. message.Count == 0 ? [] : Records.Wrap([.. message], (byte)random.Next(5), lengths), .. input[at..]];

        int Length(int record) => (input[record + 3] << 8) | input[record + 4];
    }
}
