namespace Sluice.Redirect.Reactors;

// What is asked less often than for every receive, in one byte: every proxied connection has two sockets.
internal sealed partial class StreamSocket
{
    [Flags]
    private enum Marks : byte
    {
        None = 0,
        Connecting = 1,
        Taken = 2,
        Failed = 4,
        Ended = 8,
        Urgent = 16,
    }
}
