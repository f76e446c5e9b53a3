using System.Net;
using TcpProxyConformance.Play;

namespace TcpProxyConformance.Runs;

/// <summary>What is played, and where.</summary>
internal sealed record RunOptions
{
    /// <summary>What the proxy is called in reports.</summary>
    public required string Name { get; init; }

    /// <summary>Where the proxy listens; null: there is none, and the tool plays against itself.</summary>
    public EndPoint? Through { get; init; }

    /// <summary>Where the proxy forwards to.</summary>
    public required IPEndPoint Upstream { get; init; }

    /// <summary>Which cases.</summary>
    public required IReadOnlyList<Case> Cases { get; init; }

    public Bounds Bounds { get; init; } = new();

    public int Seed { get; init; }

    /// <summary>What the cases have given without a proxy; null: they are played so first.</summary>
    public RunResult? Direct { get; init; }

    public KnownFailures Known { get; init; } = new([]);
}
