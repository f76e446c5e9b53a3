namespace TcpProxyConformance.Play;

/// <summary>What a user may set for all cases.</summary>
internal sealed record Bounds
{
    /// <summary>A case in which nothing has moved for so long hangs. Time in which the tool itself was stopped does not count.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long cases that are about silence are silent.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Most bytes that a proxy with all its sockets may take for a reader that reads nothing.</summary>
    public long MaxBuffered { get; init; } = 64 << 20;
}
