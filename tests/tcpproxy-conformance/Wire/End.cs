namespace TcpProxyConformance.Wire;

/// <summary>How what a socket receives ended.</summary>
internal enum End
{
    /// <summary>Not yet.</summary>
    None,

    /// <summary>Orderly: recv gave 0, and no RST had been told of before.</summary>
    Fin,

    /// <summary>The connection was reset: ECONNRESET, or EPIPE where a FIN had come before.</summary>
    Rst,
}

internal static class EndNames
{
    /// <summary>As reports say it.</summary>
    public static string Name(this End end) => end switch { End.Fin => "FIN", End.Rst => "RST", _ => "no end" };
}
