namespace Sluice.Fuzz;

/// <summary>Something that must cope with any bytes.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Corpus">Where its inputs are kept.</param>
/// <param name="Run">Gives it the bytes; throws when it does what it must not.</param>
internal sealed record FuzzTarget(string Name, Corpus Corpus, Action<byte[]> Run)
{
    /// <summary>Bytes of the longest input.</summary>
    public int MostBytes { get; init; } = 20_000;

    /// <summary>Pieces of the format, put in here and there.</summary>
    public byte[][] Words { get; init; } = [];

    /// <summary>A change that keeps the format; null: none.</summary>
    public Func<byte[], Random, byte[]>? Reshape { get; init; }

    public override string ToString() => Name;
}
