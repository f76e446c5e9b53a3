using Sluice.Redirect.ProxyProtocol;

namespace Sluice.Fuzz.Targets;

/// <summary>The reader of PROXY headers never throws, what a prefix decided stands, and what it reads is written as it was meant.</summary>
internal static class ProxyTarget
{
    private const int Most = 4096;
    private const int Prefixes = 8;

    public static FuzzTarget Value { get; } = new("proxy", new Corpus("tests/Fuzz/corpus/proxy", "hex"), Run)
    {
        MostBytes = 5000,
        Words = ["PROXY TCP4 "u8.ToArray(), "PROXY TCP6 "u8.ToArray(), "UNKNOWN"u8.ToArray(), "\r\n"u8.ToArray(), ProxyHeaderWriter.Local(2), [0x21, 0x11, 0, 12], [3, 0, 4, 0, 0, 0, 0]],
    };

    private static void Run(byte[] input)
    {
        ProxyHeaderResult whole = ProxyHeaderReader.Read(input, Most);
        for (int i = 0; i < Prefixes; i++)
        {
            ProxyHeaderResult prefix = ProxyHeaderReader.Read(input.AsSpan(0, input.Length * i / Prefixes), Most);
            if (prefix.Status != ProxyHeaderStatus.NeedMore)
                Check.Equal((whole.Status, whole.Consumed, whole.Problem), (prefix.Status, prefix.Consumed, prefix.Problem), "a prefix");
        }

        if (whole.IsComplete)
        {
            ProxyHeaderResult again = ProxyHeaderReader.Read(ProxyHeaderWriter.Write(whole.Header));
            Check.Equal(whole.Header.Source?.Port, again.Header?.Source?.Port, "the port of what was written again");
            Check.Equal(whole.Header.Tlvs.Length, again.Header?.Tlvs.Length ?? -1, "the vectors of what was written again");
        }
    }
}
