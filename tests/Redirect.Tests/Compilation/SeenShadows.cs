using Sluice.Redirect.Compilation;

namespace Sluice.Redirect.Tests.Compilation;

/// <summary>Remembers which shadow rules matched.</summary>
internal readonly struct SeenShadows() : IShadowSink
{
    public List<int> Seen { get; } = [];

    public void OnShadow(int rule) => Seen.Add(rule);
}
