using Sluice.ProxyHost.Configuration.Programs;
using Sluice.ProxyHost.Configuration.Types;
using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Configuration.Sections;

/// <summary>The table of a listener's <c>inspect</c>.</summary>
internal static class InspectSection
{
    private static readonly Key<InspectConfig, TimeSpan> Timeout = new("timeout", Durations.UpToAnHour, i => i.Timeout)
    {
        Summary = "How long routes wait for the bytes they need. Then `cluster` is taken, so that protocols whose server speaks first work.",
        Example = "250ms",
        Default = InspectConfig.Default.Timeout,
    };

    private static readonly Key<InspectConfig, int> MaxBytes = new("max_bytes",
        new MappedType<long, int>(new ByteSizeType(1, InspectConfig.MostBytes), size => (int)size, size => size), i => i.MaxBytes)
    {
        Summary = "How many bytes routes wait for at most. What is not decided by then does not hold.",
        Example = "4KiB",
        Default = InspectConfig.Default.MaxBytes,
    };

    private static readonly Key<InspectConfig, Framing?> Framing =
        new("framing", new OptionalType<Framing>(FramingSection.Shared, null), i => i.Framing)
        {
            Summary = "How the first message ends, which is then all that routes look at. Without it they look at all bytes that have come.",
            Example = "{ delimiter: \"\\r\\n\" }",
            Default = null,
        };

    public static Section<InspectConfig> Type { get; } = new(
        [Timeout, MaxBytes, Framing], v => new InspectConfig(v.Of(Timeout), v.Of(MaxBytes)) { Framing = v.Of(Framing) });
}
