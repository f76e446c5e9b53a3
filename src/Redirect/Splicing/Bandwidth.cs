namespace Sluice.Redirect.Splicing;

/// <summary>How fast the bytes of a connection may come, each direction by itself, and where it is counted what that held up.</summary>
/// <param name="FromClient">What the client may send; null: as fast as it likes.</param>
/// <param name="FromUpstream">What the upstream may send, all clusters that rules redirect to together; null likewise.</param>
/// <param name="IsDryRun">Whether it is only counted.</param>
/// <param name="Meter">Shared by, say, the connections of one listener.</param>
public sealed record Bandwidth(ByteRate? FromClient, ByteRate? FromUpstream, bool IsDryRun, BandwidthMeter Meter);
