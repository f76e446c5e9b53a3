namespace Sluice.Redirect.Compilation;

/// <summary>What a plan says of a message.</summary>
/// <param name="Rule">The index of the rule that decides, or that waits for bytes; the number of rules for <c>otherwise</c>.</param>
/// <param name="NeededBytes">0: decided. Otherwise nothing is decided before so many bytes of the message are at hand, more than there are.</param>
public readonly record struct Ruling(int Rule, int NeededBytes)
{
    /// <summary>Whether <see cref="Rule"/> decides on the message as it is.</summary>
    public bool IsDecided => NeededBytes == 0;
}
