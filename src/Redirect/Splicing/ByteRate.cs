namespace Sluice.Redirect.Splicing;

/// <summary>A rate of bytes.</summary>
/// <param name="BytesPerSecond">1 to 2^40.</param>
/// <param name="Burst">
/// Bytes at once after a pause, 1 to 2^40. With less than the rate brings in 50 ms it may not be reached, since clocks and wake-ups
/// are no finer.
/// </param>
public readonly record struct ByteRate(long BytesPerSecond, long Burst);
