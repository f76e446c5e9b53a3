using Sluice.Redirect.Reactors;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Splicing.Programs;

/// <summary>Takes bytes that were judged. Belongs to the thread of its reactor.</summary>
internal interface IRedirectSink : IRedirectSocket
{
    /// <summary>Whose thread it belongs to.</summary>
    Reactor Reactor { get; }

    /// <summary>True while bytes wait for <see cref="Flush"/> or for the network.</summary>
    bool HasUnsent { get; }

    /// <summary>
    /// Takes bytes to send; they may be overwritten afterwards. False: it can send no more, and nothing was taken. A queue that
    /// is full then closes <paramref name="source"/>. <paramref name="more"/>: others follow before <see cref="Flush"/>.
    /// </summary>
    bool TryPutOut(ReadOnlySpan<byte> bytes, Valve source, bool more);

    /// <summary>Takes bytes for its reader, likewise. False: it is closed, and nothing was taken.</summary>
    bool TryPutIn(ReadOnlySpan<byte> bytes, Valve source);

    /// <summary>Sends what is queued.</summary>
    void Flush();
}
