namespace TcpProxyConformance.Cli;

/// <summary>How a run is reported.</summary>
internal enum Format
{
    /// <summary>For people, while it runs.</summary>
    Text,

    /// <summary>For programs, and for <c>compare</c>.</summary>
    Json,

    /// <summary>A table for a page.</summary>
    Markdown,
}
