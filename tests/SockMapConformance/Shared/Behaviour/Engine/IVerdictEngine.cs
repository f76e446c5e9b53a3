using Sluice.Redirect.Maps;
using Sluice.Redirect.Verdicts;

namespace Sluice.SockMapConformance.Behaviour;

/// <summary>What runs programs over the bytes of real sockets: managed code, or the kernel.</summary>
internal interface IVerdictEngine
{
    /// <summary>In what this engine is meant to differ from the others.</summary>
    EngineTraits Traits { get; }

    /// <summary>
    /// Connects c1 to p1 and c2 to p2, runs the test, closes all four and then checks that nothing of them is left: no entry in
    /// a map, no memory. A queue holds <paramref name="queueBytes"/>; 0: what it holds by default.
    /// </summary>
    Task RunAsync(Func<ITestbed, Task> test, int queueBytes = 0);
}

/// <summary>The points of docs/semantics-verdicts.md on which these tests depend.</summary>
/// <param name="FlushesAtEnd">What is corked at the end of a stream is judged and not lost.</param>
/// <param name="DropIsSticky">After a drop, whatever else is sent through the socket is refused as well.</param>
/// <param name="KeepsFailedRedirects">What cannot be redirected passes, instead of being dropped.</param>
/// <param name="SeesEachMessage">A verdict behind a parser sees its message, and not the segment that several lie in.</param>
/// <param name="InsertsZeros">Bytes that a program inserts are zeros until it writes to them.</param>
/// <param name="KeepsRestOfCork">What was corked and is redirected in part by apply_bytes goes on to be judged, and is not lost.</param>
internal sealed record EngineTraits(
    bool FlushesAtEnd, bool DropIsSticky, bool KeepsFailedRedirects, bool SeesEachMessage, bool InsertsZeros, bool KeepsRestOfCork);

/// <summary>The four sockets of the kernel's selftests. The number is the socket's key in the sockmap that redirects ask.</summary>
internal enum End
{
    C1 = 1,
    P1 = 2,
    C2 = 3,
    P2 = 4,
}

/// <summary>The sockets of one test. A sockmap without programs has all four under their numbers, and no sockhash has any yet.</summary>
internal interface ITestbed
{
    ISocketUnderTest this[End end] { get; }

    /// <summary>A further map. A socket inherits its programs when it is inserted.</summary>
    IProgramMap NewMap();

    /// <summary>Puts a socket into the sockhash that redirects ask, under the 4-tuple of this or another one.</summary>
    void Register(End end, End keyOf);

    /// <summary>The engine begins to receive. What arrived before, and before a socket was inserted, waits in it.</summary>
    void Start(params ReadOnlySpan<End> ends);
}

/// <summary>A map with programs. All operations succeed; what fails is tested with the maps.</summary>
internal interface IProgramMap
{
    IProgramUnderTest Attach(AttachType slot, ProgramSpec program);

    IProgramUnderTest Attach(ParserSpec parser);

    ILinkUnderTest Link(AttachType slot, ProgramSpec program);

    void Insert(End end);

    void Delete(End end);
}

internal interface ILinkUnderTest
{
    IProgramUnderTest Replace(ProgramSpec program);
}

/// <summary>What a loaded program has done, whatever number of sockets has inherited it.</summary>
internal interface IProgramUnderTest
{
    long Runs { get; }

    /// <summary>Helper calls that were answered with an error.</summary>
    long Refused { get; }

    /// <summary>Completes when it has run so often and what it judged is where it belongs.</summary>
    Task AwaitRunsAsync(long runs);
}

/// <summary>A socket as its application sees it. Results are counts, 0 for the end of the stream, or minus an errno.</summary>
internal interface ISocketUnderTest
{
    /// <summary>As extract_socket_key builds it.</summary>
    SocketKey Key { get; }

    /// <summary>FIONREAD.</summary>
    int Unread { get; }

    /// <summary>Bytes by what became of them on arrival.</summary>
    Counts Arrived { get; }

    /// <summary>The same for what was sent.</summary>
    Counts Sent { get; }

    Task<int> SendAsync(ReadOnlyMemory<byte> message);

    Task<int> ReceiveAsync(Memory<byte> buffer);

    /// <summary>MSG_PEEK without waiting; 0 when there is nothing.</summary>
    int Peek(Span<byte> buffer);

    void ShutdownSend();

    /// <summary>Closes with RST.</summary>
    void Reset();
}

/// <summary>Bytes by what became of them. Those whose redirect failed count as passed as well.</summary>
internal readonly record struct Counts(long Passed = 0, long Dropped = 0, long Redirected = 0, long RedirectFailed = 0);
