using System.Collections.Immutable;
using System.Net;

namespace Sluice.ProxyHost.Configuration;

/// <summary>Who may connect. The longest prefix that has an address decides; of two the same, <paramref name="Deny"/>.</summary>
/// <param name="Allow">Where there are any, addresses in neither list are refused.</param>
/// <param name="Deny">Refused.</param>
/// <param name="DryRun">Whether it only counts.</param>
public sealed record AccessConfig(ImmutableArray<IPNetwork> Allow, ImmutableArray<IPNetwork> Deny, bool DryRun);

/// <summary>How many connections may come in a time: a bucket of tokens that fills steadily.</summary>
/// <param name="Connections">So many in each <paramref name="Per"/>, 1 to 10,000,000.</param>
/// <param name="Per">1 ms to 1 d. Default 1 s.</param>
/// <param name="Burst">So many at once after a pause, 1 to 10,000,000; 0 stands for as many as <paramref name="Connections"/>.</param>
/// <param name="DryRun">Whether it only counts.</param>
public sealed record RateConfig(int Connections, TimeSpan Per, int Burst, bool DryRun);

/// <summary>Limits for the connections of each source: an address, or a prefix of addresses.</summary>
/// <param name="IPv4Prefix">Bits of an IPv4 address that make a source, 0 to 32. Default 32.</param>
/// <param name="IPv6Prefix">Bits of an IPv6 address that make a source, 0 to 128. Default 64.</param>
/// <param name="Sources">How many are remembered, 8 to 16,777,216; rounded up to a power of two. Default 16,384.</param>
/// <param name="MaxConnections">Connections of a source at a time; null: any number.</param>
/// <param name="Rate">New connections of a source; null: any.</param>
/// <param name="DryRun">Whether <paramref name="MaxConnections"/> only counts.</param>
public sealed record PerSourceConfig(int IPv4Prefix, int IPv6Prefix, int Sources, int? MaxConnections, RateConfig? Rate, bool DryRun);
