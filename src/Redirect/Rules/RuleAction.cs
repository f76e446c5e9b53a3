using System.Collections.Immutable;

namespace Sluice.Redirect.Rules;

/// <summary>What is done when a rule decides.</summary>
/// <param name="Verdict">What happens to the bytes.</param>
public sealed record RuleAction(RuleVerdict Verdict)
{
    /// <summary>As <see cref="ApplyBytes"/>: the decision stands until the stream ends.</summary>
    public const int RestOfStream = int.MaxValue;

    /// <summary>The cluster that a redirect goes to; null for other verdicts.</summary>
    public string? Cluster { get; init; }

    /// <summary>BPF_F_INGRESS: a redirect's bytes count as received by that connection, and so come back as its answers do.</summary>
    public bool Ingress { get; init; }

    /// <summary>The decision stands for so many bytes, without running the rules; 0: for the message.</summary>
    public int ApplyBytes { get; init; }

    /// <summary>With fewer bytes at hand, the rules run again when there are so many; 0: it decides on what is there.</summary>
    public int CorkBytes { get; init; }

    /// <summary>Bytes to insert; null: none. Done after <see cref="Pop"/>.</summary>
    public PushBytes? Push { get; init; }

    /// <summary>Bytes to take out; null: none.</summary>
    public PopBytes? Pop { get; init; }
}

/// <summary>Inserts bytes into a message; at its end where it is shorter than <paramref name="Offset"/>.</summary>
public sealed record PushBytes(int Offset, ImmutableArray<byte> Bytes);

/// <summary>Takes up to <paramref name="Count"/> bytes out of a message, as many as it has from <paramref name="Offset"/> on.</summary>
public sealed record PopBytes(int Offset, int Count);
