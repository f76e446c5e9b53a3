namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>What a condition is for the bytes of a stream behind its first message.</summary>
internal enum StreamFate : byte
{
    /// <summary>False for all of them.</summary>
    Never,

    /// <summary>True for all of them.</summary>
    Always,

    /// <summary>Decided by each message, or by the connection, and not by how the stream was cut.</summary>
    Same,

    /// <summary>Also by how the stream was cut, or by what a send does not know.</summary>
    Depends,
}
