namespace Sluice.Redirect.Rules;

/// <summary>The values of <see cref="Field.Family"/>: Linux's AF_ numbers.</summary>
public static class AddressFamilyNumber
{
    /// <summary>AF_UNIX.</summary>
    public const ulong Unix = 1;

    /// <summary>AF_INET. An IPv4 connection of a socket that listens on <c>[::]</c> counts as this.</summary>
    public const ulong IPv4 = 2;

    /// <summary>AF_INET6.</summary>
    public const ulong IPv6 = 10;
}
