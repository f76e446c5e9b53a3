namespace Sluice.ProxyHost.Upgrades;

/// <summary>What a daemon and its successor say to each other, each word a message.</summary>
internal static class UpgradeWords
{
    /// <summary>Old to new: some of the sockets of one address come with it.</summary>
    public const string Sockets = "sockets";

    /// <summary>Old to new: these were all.</summary>
    public const string End = "end";

    /// <summary>New to old, and an address behind it: its sockets are used.</summary>
    public const string Took = "took ";

    /// <summary>New to old: it accepts.</summary>
    public const string Ready = "ready";

    /// <summary>Old to new: it accepts no more, and the upgrade socket is free.</summary>
    public const string Left = "left";
}
