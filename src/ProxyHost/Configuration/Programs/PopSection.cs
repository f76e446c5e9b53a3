using Sluice.ProxyHost.Configuration.Conditions;
using Sluice.ProxyHost.Configuration.Types;
using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Configuration.Programs;

/// <summary>The table of <c>pop</c>.</summary>
internal static class PopSection
{
    private static readonly Key<PopBytes, int> At = new("at", Offsets.InMessage, p => p.Offset)
    {
        Summary = "How many bytes of the message stand before them.",
        Example = "4",
        Default = 0,
    };

    private static readonly Key<PopBytes, int> Bytes = new("bytes", Offsets.OfMessage, p => p.Count)
    {
        Summary = "How many are taken out; fewer where the message ends before.",
        Example = "4",
    };

    public static Section<PopBytes> Type { get; } = new([At, Bytes], v => new PopBytes(v.Of(At), v.Of(Bytes)));
}
