namespace Sluice.ProxyHost.Model.Discovery;

/// <summary>What failed look-ups are called in metrics and on pages, and what may be done about them.</summary>
internal static class LookupFailureNames
{
    /// <summary>How many kinds of outcome there are.</summary>
    public const int Count = (int)LookupFailure.Other + 1;

    /// <summary>The value of <c>error.type</c>.</summary>
    public static string Name(this LookupFailure failure) => failure switch
    {
        LookupFailure.None => "",
        LookupFailure.Timeout => "timeout",
        LookupFailure.Unreachable => "unreachable",
        LookupFailure.ServerFailure => "servfail",
        LookupFailure.Refused => "refused",
        LookupFailure.NoSuchName => "nxdomain",
        LookupFailure.NoRecords => "nodata",
        _ => "other",
    };

    /// <summary>What an operator should look at.</summary>
    public static string Advice(this LookupFailure failure) => failure switch
    {
        LookupFailure.Timeout => "is the resolver up, does a firewall drop port 53?",
        LookupFailure.Unreachable => "is `resolver`, or /etc/resolv.conf, right, and does the resolver run?",
        LookupFailure.ServerFailure => "the resolver cannot reach the zone's own servers, or they are broken: look at its log",
        LookupFailure.Refused => "the resolver does not serve this host: look at its access lists",
        LookupFailure.NoSuchName => "is the name spelled right and complete? Search domains and /etc/hosts are not used",
        LookupFailure.NoRecords => "has the name records of the kind that `discovery` asks for?",
        _ => "look at the resolver",
    };

    /// <summary>The resolver is sure that there is nothing: asking again at once is of no use.</summary>
    public static bool IsDefinite(this LookupFailure failure) => failure is LookupFailure.NoSuchName or LookupFailure.NoRecords;
}
