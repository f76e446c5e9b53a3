namespace Sluice.ProxyHost.Model;

/// <summary>A rule as people know it.</summary>
/// <param name="Program">The program it is of.</param>
/// <param name="Rule">Its name in there; <c>otherwise</c> for what is done when none matches.</param>
internal sealed record RuleName(string Program, string Rule)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Program}/{Rule}";
}
