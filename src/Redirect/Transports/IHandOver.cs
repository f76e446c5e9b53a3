namespace Sluice.Redirect.Transports;

/// <summary>A listener whose socket can go to another process, which then accepts from the very same queue.</summary>
public interface IHandOver
{
    /// <summary>The listening socket; -1 once it is closed.</summary>
    int Descriptor { get; }

    /// <summary>
    /// Another process has the socket: this one accepts nothing more and leaves the queue, and the file of a unix socket, to it. Safe
    /// from any thread.
    /// </summary>
    ValueTask HandOverAsync();
}
