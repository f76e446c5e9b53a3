namespace TcpProxyConformance.Play;

/// <summary>One thing that a TCP proxy does or does not, and how it is found out.</summary>
/// <param name="Name">In kebab case, by which it is chosen and known.</param>
/// <param name="Requires">What has to be seen, in a line; of an informative case, what is found out.</param>
/// <param name="Why">What goes wrong for users where it is not so.</param>
/// <param name="Source">Where that is said, or what kind of incident it comes from.</param>
/// <param name="PlayAsync">Plays it, and gives what was seen; a <see cref="Wire.Failure"/> says what should have been.</param>
internal sealed record Case(string Name, string Requires, string Why, string Source, Func<Stage, Task<Finding>> PlayAsync)
{
    /// <summary>False: it tells what a proxy does, of which nothing is wrong.</summary>
    public bool IsRequired { get; init; } = true;
}

/// <summary>What a case that went well has seen.</summary>
/// <param name="Evidence">In full.</param>
/// <param name="Value">In two or three words, for a table; null: that it passed says all.</param>
internal sealed record Finding(string Evidence, string? Value = null);

/// <summary>This machine, or these rights, do not allow the case.</summary>
internal sealed class NotApplicableException(string reason) : Exception(reason);
