namespace Sluice.Functional.Wire;

/// <summary>How a socket's incoming stream ended.</summary>
internal enum Ending
{
    /// <summary>Orderly: the read after the last byte gave nothing.</summary>
    Fin,

    /// <summary>A read or a write answered ECONNRESET or EPIPE.</summary>
    Rst,
}
