namespace TcpProxyConformance.Tests.Broken;

/// <summary>What a flaw does to the bytes of one direction.</summary>
internal sealed class StreamFlaw(Flaw flaw)
{
    private const int Megabyte = 1 << 20;

    private long _passed;
    private bool _isDone;
    private byte[] _held = [];

    /// <summary>What is sent for what came.</summary>
    public ReadOnlyMemory<byte> Change(ReadOnlyMemory<byte> bytes)
    {
        _passed += bytes.Length;
        if ((flaw == Flaw.LosesLastByte && _passed > Megabyte) || (flaw == Flaw.HoldsByteBack && _passed > 100))
            return HoldLast(bytes);
        if (_isDone || _passed - bytes.Length < Megabyte || bytes.Length < 2)
            return bytes;

        _isDone = true;
        switch (flaw)
        {
            case Flaw.LosesByte:
                return bytes[1..];
            case Flaw.RepeatsByte:
                return (byte[])[bytes.Span[0], .. bytes.Span];
            case Flaw.SwapsBytes:
                return (byte[])[bytes.Span[1], bytes.Span[0], .. bytes.Span[2..]];
            default:
                return bytes;
        }
    }

    /// <summary>What is sent before the FIN.</summary>
    public ReadOnlyMemory<byte> End() => flaw == Flaw.HoldsByteBack ? _held : default;

    private byte[] HoldLast(ReadOnlyMemory<byte> bytes)
    {
        byte[] sent = [.. _held, .. bytes.Span[..^1]];
        _held = [bytes.Span[^1]];
        return sent;
    }
}
