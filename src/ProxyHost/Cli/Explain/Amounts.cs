using Sluice.ProxyHost.Configuration.Types;

namespace Sluice.ProxyHost.Cli.Explain;

/// <summary>Numbers as explanations write them.</summary>
internal static class Amounts
{
    private static readonly ByteSizeType Sizes = new(0, long.MaxValue);
    private static readonly DurationType Durations = new(TimeSpan.Zero, TimeSpan.MaxValue);

    /// <summary>A limit, in the configuration's own spelling: 64KiB.</summary>
    public static string Size(long bytes) => Sizes.Format(bytes);

    /// <summary>A time, in the configuration's own spelling: 250ms.</summary>
    public static string Time(TimeSpan time) => Durations.Format(time);

    /// <summary>Bytes that are counted: 1 byte, 2 bytes.</summary>
    public static string Bytes(long count) => count == 1 ? "1 byte" : $"{count} bytes";

    /// <summary>The same as what moves: 1 byte goes, 2 bytes go.</summary>
    public static string Go(long count) => $"{Bytes(count)} {(count == 1 ? "goes" : "go")}";
}
