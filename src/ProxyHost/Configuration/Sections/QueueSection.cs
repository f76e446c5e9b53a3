using Sluice.ProxyHost.Configuration.Types;

namespace Sluice.ProxyHost.Configuration.Sections;

/// <summary>The table of a cluster's <c>queue</c>.</summary>
internal static class QueueSection
{
    private static readonly Key<QueueConfig, int> Size = new("size", new IntegerType(1, 1_000_000), q => q.Size)
    {
        Summary = "Connections that may wait at a time; those beyond are refused at once.",
        Example = "500",
        Default = QueueConfig.Default.Size,
    };

    private static readonly Key<QueueConfig, TimeSpan> Timeout = new("timeout", Durations.UpToAnHour, q => q.Timeout)
    {
        Summary = "How long one may wait before it is refused.",
        Example = "1s",
        Default = QueueConfig.Default.Timeout,
    };

    public static Section<QueueConfig> Type { get; } = new([Size, Timeout], v => new QueueConfig(v.Of(Size), v.Of(Timeout)));
}
