namespace Sluice.SockMapConformance.Model;

/// <summary>
/// What a program says of some bytes, in the order in which it says it. Key 0 drops, 1 passes, others redirect to the socket
/// of that name.
/// </summary>
internal readonly record struct Ruling(
    int Key, int Apply, int Cork = 0, int PullFrom = 0, int PullTo = 0, int PushAt = 0, int Push = 0, int PopAt = 0, int Pop = 0);
