namespace TcpProxyConformance.Play;

/// <summary>
/// Who says the eight bytes by which the two ends of a connection find each other. Whoever does not has sent nothing yet when they have.
/// </summary>
internal enum Speaks
{
    Client,
    Upstream,
}
