using System.Globalization;

namespace TcpProxyConformance.Wire;

/// <summary>What came of a stream.</summary>
/// <param name="Bytes">How many.</param>
/// <param name="Sha256">Of all of them.</param>
/// <param name="FirstWrong">The first that was not the one sent at its place; null: all were.</param>
/// <param name="End">How it ended.</param>
internal sealed record Receipt(long Bytes, string Sha256, long? FirstWrong, End End)
{
    /// <summary>What has to come of a content.</summary>
    public static Receipt Of(Content content, End end) => new(content.Length, content.Sha256(), null, end);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Bytes:N0} bytes, sha256 {Sha256[..16]}{(FirstWrong is { } at ? $", the first wrong one at {at:N0}" : "")}, then {End.Name()}");
}
