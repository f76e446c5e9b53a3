namespace Sluice.Redirect.Rules;

/// <summary>Numbers from <paramref name="First"/> to <paramref name="Last"/>, both included.</summary>
public readonly record struct NumberRange(ulong First, ulong Last);
