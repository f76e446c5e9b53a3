using System.Globalization;
using Sluice.ProxyHost.Configuration.Types;
using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration.Sections;

/// <summary>The table of a listener's <c>bandwidth</c>.</summary>
internal static class BandwidthSection
{
    private const long Most = 1L << 40;

    // Clocks and wake-ups are not fine enough for a rate whose burst is shorter.
    private const int BurstsPerSecond = 20;

    private static readonly OptionalType<long?> Rate = new(new MappedType<long, long?>(new ByteRateType(1, Most), n => n, n => n!.Value), null);

    private static readonly Key<BandwidthConfig, long?> FromClient = new("from_client", Rate, b => b.FromClient)
    {
        Summary = "How fast a client may send: the rest waits in the kernel's buffers, and then in the client.",
        Example = "10MiB/s",
        Default = null,
    };

    private static readonly Key<BandwidthConfig, long?> FromUpstream = new("from_upstream", Rate, b => b.FromUpstream)
    {
        Summary = "How fast its server may send, likewise.",
        Example = "10MiB/s",
        Default = null,
    };

    private static readonly Key<BandwidthConfig, long> Burst = new("burst", new OptionalType<long>(new ByteSizeType(1, Most), 0), b => b.Burst)
    {
        Summary = "How much may come at once after a pause, in each direction; at least what its rate brings in 50 ms. Without it as much as " +
            "the rate brings in a second.",
        Example = "1MiB",
        Default = 0,
    };

    private static readonly Key<BandwidthConfig, bool> DryRun = new("dry_run", new BooleanType(), b => b.DryRun)
    {
        Summary = "Whether it is only counted what would be held up.",
        Example = "true",
        Default = false,
    };

    public static Section<BandwidthConfig> Type { get; } = new(
        [FromClient, FromUpstream, Burst, DryRun],
        v => new BandwidthConfig(v.Of(FromClient), v.Of(FromUpstream), v.Of(Burst), v.Of(DryRun)))
    {
        Check = Check,
    };

    private static void Check(Values<BandwidthConfig> values, Cursor at)
    {
        if (!values.TryOf(FromClient, out long? fromClient) || !values.TryOf(FromUpstream, out long? fromUpstream)) return;
        if ((fromClient ?? fromUpstream) is null)
            at.Error("no rate is given, so nothing is limited", "give `from_client`, `from_upstream` or both");
        long fastest = Math.Max(fromClient ?? 0, fromUpstream ?? 0);
        if (values.TryOf(Burst, out long burst) && burst > 0 && burst < fastest / BurstsPerSecond)
            at.Towards("burst").Error(
                string.Create(CultureInfo.InvariantCulture, $"with so small a burst the rate of {new ByteRateType(1, Most).Format(fastest)} cannot be reached"),
                string.Create(CultureInfo.InvariantCulture, $"it takes what comes in 50 ms: at least {fastest / BurstsPerSecond}B"));
    }
}
