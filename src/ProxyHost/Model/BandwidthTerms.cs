using Sluice.ProxyHost.Configuration;
using Sluice.Redirect.Splicing;

namespace Sluice.ProxyHost.Model;

/// <summary>What a configuration of bandwidth means for connections.</summary>
internal static class BandwidthTerms
{
    /// <summary>For the connections of a listener; null where nothing is limited.</summary>
    public static Bandwidth? Of(BandwidthConfig? config, BandwidthMeter meter) => config is null
        ? null
        : new Bandwidth(RateOf(config.FromClient, config), RateOf(config.FromUpstream, config), config.DryRun, meter);

    private static ByteRate? RateOf(long? rate, BandwidthConfig config) =>
        rate is { } bytes ? new ByteRate(bytes, config.Burst == 0 ? bytes : config.Burst) : null;
}
