namespace TcpProxyConformance.Wire;

/// <summary>Who is at an end of a proxied connection. The tool is both.</summary>
internal enum Party
{
    /// <summary>Who connects to the proxy.</summary>
    Client,

    /// <summary>Whom the proxy connects to.</summary>
    Upstream,
}

internal static class Parties
{
    public static readonly Party[] Both = [Party.Client, Party.Upstream];

    /// <summary>As names of cases and reports say it.</summary>
    public static string Name(this Party party) => party == Party.Client ? "client" : "upstream";

    /// <summary>One of them, with its article.</summary>
    public static string One(this Party party) => party == Party.Client ? "a client" : "an upstream";

    /// <summary>The same at the beginning of a sentence.</summary>
    public static string OneCapital(this Party party) => party == Party.Client ? "A client" : "An upstream";

    public static Party Other(this Party party) => party == Party.Client ? Party.Upstream : Party.Client;
}
