namespace Sluice.Soak.Report;

/// <summary>Something of the daemon that must not grow from one rest to the next.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Of">Where it is in a sample.</param>
/// <param name="Slack">How much more is no growth.</param>
/// <param name="Share">As a share of what was, the same.</param>
internal sealed record Quantity(string Name, Func<Sample, double> Of, double Slack, double Share = 0)
{
    /// <summary>All that are judged. Pipes stay for the next stream, buffers and code are made once: hence the slack.</summary>
    public static Quantity[] All { get; } =
    [
        new("descriptors", sample => sample.Descriptors, 6),
        new("threads", sample => sample.Threads, 3),
        new("MiB resident", sample => sample.ResidentMiB, 6, 0.03),
        new("map entries", sample => sample.Entries, 0),
        new("timers", sample => sample.Timers, 4),
        new("bytes held", sample => sample.Held, 0),
        new("directions in the kernel", sample => sample.Directions, 0),
        new("connections", sample => sample.Connections, 0),
    ];

    /// <summary>
    /// Compares the middle value of the last third of the rests with that of the third before; the first third is for warming up. Null: it
    /// has not grown.
    /// </summary>
    public string? GrowthIn(IReadOnlyList<Sample> atRest)
    {
        int third = atRest.Count / 3;
        if (third == 0)
            return $"{Name}: {atRest.Count} rests are too few to judge";
        double before = Middle(atRest.Skip(atRest.Count - (2 * third)).Take(third)), after = Middle(atRest.TakeLast(third));
        return after > before + Slack + (before * Share) ? $"{Name} grew from {before:F1} to {after:F1}" : null;
    }

    private double Middle(IEnumerable<Sample> samples)
    {
        double[] sorted = [.. samples.Select(Of).Order()];
        return sorted[sorted.Length / 2];
    }
}
