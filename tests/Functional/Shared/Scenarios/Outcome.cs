using Sluice.Functional.Wire;

namespace Sluice.Functional.Scenarios;

/// <summary>What one side saw: bytes, their SHA-256, and how the stream ended. A side that reset has seen nothing.</summary>
internal sealed record Seen(long Bytes, string Sha256, Ending? Ending)
{
    /// <summary>For the side that resets: what it had received by then is a matter of timing.</summary>
    public static readonly Seen Nothing = new(0, "", null);

    /// <summary>The first byte that was not the one sent at its place, counted from 0; null: every byte was.</summary>
    public long? Wrong { get; init; }
}

/// <summary>What both sides saw.</summary>
/// <param name="Client">The client.</param>
/// <param name="Server">The server.</param>
/// <param name="Ends">The ends in the order they were seen; sorted where the scenario leaves the order open.</param>
internal sealed record Outcome(Seen Client, Seen Server, string Ends);
