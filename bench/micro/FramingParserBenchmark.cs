using System.Buffers;
using BenchmarkDotNet.Attributes;
using Sluice.Redirect.Compilation;
using Sluice.Redirect.Rules;
using Sluice.Redirect.Verdicts;

namespace Sluice.Micro;

/// <summary>A message whose delimiter comes last, in segments of one byte: what it costs for each byte must not grow with the message.</summary>
[MemoryDiagnoser]
public class FramingParserBenchmark
{
    private byte[] _stream = [];
    private ParserMachine _machine = null!;

    [Params(1024, 64 * 1024)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _stream = new byte[Bytes];
        "\r\n"u8.CopyTo(_stream.AsSpan(Bytes - 2));
        _machine = new ParserMachine(new FramingParser(new Delimiter([13, 10]), Bytes + 1), new MessageContext(MessageDirection.Ingress), Bytes + 1, ArrayPool<byte>.Shared);
    }

    [Benchmark]
    public int ByteByByte()
    {
        int messages = 0;
        for (int i = 0; i < _stream.Length; i++)
        {
            _machine.Offer(_stream.AsMemory(i, 1));
            while (_machine.Next(out ReadOnlyMemory<byte> _))
                messages++;
        }

        return messages;
    }
}
