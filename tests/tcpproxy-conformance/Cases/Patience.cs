namespace TcpProxyConformance.Cases;

/// <summary>For how long nothing must move until a sender counts as stuck.</summary>
internal static class Patience
{
    /// <summary>Where nothing depends on it but how much is on the way.</summary>
    public static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    /// <summary>Where the number of bytes is what is asked for.</summary>
    public static readonly TimeSpan Long = TimeSpan.FromMilliseconds(600);
}
