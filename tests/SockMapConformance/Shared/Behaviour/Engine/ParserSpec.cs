namespace Sluice.SockMapConformance.Behaviour;

/// <summary>
/// A stream parser, said rather than written. Either all messages have <paramref name="Length"/> bytes, or they begin with a
/// header of which the two bytes at <paramref name="LengthAt"/>, in network order, count what follows the header.
/// </summary>
internal sealed record ParserSpec(int Length, int HeaderBytes = 0, int LengthAt = 0)
{
    public static ParserSpec Prefixed(int headerBytes, int lengthAt) => new(0, headerBytes, lengthAt);
}
