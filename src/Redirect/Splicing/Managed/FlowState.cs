namespace Sluice.Redirect.Splicing.Managed;

/// <summary>How far one direction is on its way to its end.</summary>
internal enum FlowState : byte
{
    /// <summary>Bytes may come.</summary>
    Open = 0,

    /// <summary>The source sent FIN; bytes before it may still be on the way to the sink.</summary>
    FinReceived,

    /// <summary>The sink has everything and the FIN.</summary>
    FinPassedOn,

    /// <summary>The source failed; bytes from before may still be on the way to the sink.</summary>
    SourceFailed,

    /// <summary>Nothing moves any more.</summary>
    Stopped,
}
