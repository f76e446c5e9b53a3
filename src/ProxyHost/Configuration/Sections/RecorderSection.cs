using Sluice.ProxyHost.Configuration.Types;

namespace Sluice.ProxyHost.Configuration.Sections;

/// <summary>The table of <c>admin.recorder</c>.</summary>
internal static class RecorderSection
{
    private const int MostRecords = 65_536;

    private static readonly Key<RecorderConfig, int> Size = new("size", new IntegerType(0, MostRecords), r => r.Size)
    {
        Summary = "How many connections that did not end with `completed` are kept for `/recorder`, the last ones; 0 for none. " +
            "Each takes up to 4 KiB.",
        Example = "1000",
        Default = RecorderConfig.Default.Size,
    };

    public static Section<RecorderConfig> Type { get; } = new([Size], v => new RecorderConfig(v.Of(Size)));
}
