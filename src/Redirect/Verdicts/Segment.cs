namespace Sluice.Redirect.Verdicts;

/// <summary>Bytes that have been judged, and how.</summary>
/// <param name="Bytes">Never empty. Valid until the machine that gave it is used again.</param>
/// <param name="Decision">The decision that stands for them.</param>
internal readonly record struct Segment(ReadOnlyMemory<byte> Bytes, Decision Decision);
