namespace Sluice.Fuzz;

/// <summary>
/// Chance that the input decides: what draws programs and streams for the property tests draws them of these bytes, so that a change of
/// one byte changes one choice. After the last byte it is 0 for ever.
/// </summary>
internal sealed class BytesAsChance(byte[] input) : Random
{
    private int _at;

    public override int Next(int maxValue) => Next(0, maxValue);

    public override int Next(int minValue, int maxValue)
    {
        uint choices = (uint)(maxValue - minValue);
        return choices == 0 ? minValue : minValue + (int)(Take(choices <= 256 ? 1 : 4) % choices);
    }

    public override long NextInt64() => (long)(Take(8) >> 1);

    private ulong Take(int bytes)
    {
        ulong number = 0;
        for (int i = 0; i < bytes; i++)
            number = (number << 8) | (_at < input.Length ? input[_at++] : 0u);
        return number;
    }
}
