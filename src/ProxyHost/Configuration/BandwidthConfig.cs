namespace Sluice.ProxyHost.Configuration;

/// <summary>How fast the bytes of each connection may come. At least one direction has a rate.</summary>
/// <param name="FromClient">Bytes a second that a client may send, 1 to 2^40; null: any.</param>
/// <param name="FromUpstream">Bytes a second that its server may send, likewise.</param>
/// <param name="Burst">Bytes at once after a pause, at least what the rates bring in 50 ms; 0 stands for a second's.</param>
/// <param name="DryRun">Whether it only counts.</param>
public sealed record BandwidthConfig(long? FromClient, long? FromUpstream, long Burst, bool DryRun);
