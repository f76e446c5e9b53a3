using System.Runtime.InteropServices;

namespace Sluice.Redirect.Splicing.Bypass;

/// <summary>
/// One direction's record, in an array that the send program and this process have mapped both. Each field has one writer; the
/// two writers' fields lie on cache lines of their own. The program runs under the sending socket's lock, so its own need no atomics.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct BypassRecord
{
    internal const int Size = 256;

    internal const int ForwardedAt = 0;
    internal const int GenerationAt = 8;
    internal const int SentOnAt = 16;
    internal const int PeerKeyAt = 24;
    internal const int IsIngressAt = 32;
    internal const int RedirectedAt = 64;
    internal const int MessagesAt = 72;
    internal const int IsBlockingAt = 80;
    internal const int ShortfallAt = 84;
    internal const int PassedAt = 88;
    internal const int StandingAt = 136;
    internal const int OffsetAt = 144;
    internal const int DroppedAt = 152;
    internal const int SeenSentOnAt = 160;
    internal const int SinkAfterAt = 168;
    internal const int QueuedAt = 172;
    internal const int MismatchesAt = 176;
    internal const int SocketAt = 184;
    internal const int IngressBytesAt = 192;

    /// <summary>Ours: bytes of the direction that the proxy has received and the sink's TCP has taken, or rules have
    /// dropped, since the promotion.</summary>
    [FieldOffset(ForwardedAt)]
    internal ulong Forwarded;

    /// <summary>Ours: 0 while nothing may be redirected; else the number that the sender's storage must have.</summary>
    [FieldOffset(GenerationAt)]
    internal uint Generation;

    /// <summary>Ours, where rules judge: bytes that the proxy has sent to the sink since the promotion, which differ from those that came.</summary>
    [FieldOffset(SentOnAt)]
    internal ulong SentOn;

    /// <summary>Ours: the key of the application's socket that receives, which sends in the other direction.</summary>
    [FieldOffset(PeerKeyAt)]
    internal ulong PeerKey;

    /// <summary>Ours: 1 where bytes go into the receiver's own queue.</summary>
    [FieldOffset(IsIngressAt)]
    internal uint IsIngress;

    /// <summary>
    /// The program's: bytes it has asked to be redirected, before they are in the sink's send queue, where the room it has made sure of lets
    /// them in. Should threads of the sender use up the same room, what is sent again is in here again: see <see cref="Shortfall"/>.
    /// </summary>
    [FieldOffset(RedirectedAt)]
    internal ulong Redirected;

    /// <summary>The program's: messages it has redirected.</summary>
    [FieldOffset(MessagesAt)]
    internal ulong Messages;

    /// <summary>The program's: 1 once the sender's socket was found blocking, which a member of a map must not be.</summary>
    [FieldOffset(IsBlockingAt)]
    internal uint IsBlocking;

    /// <summary>The program's: whether the sink's TCP was once found with less than <see cref="Redirected"/> says.</summary>
    [FieldOffset(ShortfallAt)]
    internal Shortfall Shortfall;

    /// <summary>The program's: messages that went the ordinary way for <see cref="BypassPass.Order"/>, and so on.</summary>
    [FieldOffset(PassedAt)]
    internal ulong PassedForOrder;

    [FieldOffset(PassedAt + 8)]
    internal ulong PassedForSender;

    [FieldOffset(PassedAt + 16)]
    internal ulong PassedForSink;

    [FieldOffset(PassedAt + 24)]
    internal ulong PassedForRoom;

    [FieldOffset(PassedAt + 32)]
    internal ulong PassedForMemory;

    [FieldOffset(PassedAt + 40)]
    internal ulong PassedForRules;

    /// <summary>
    /// Where rules judge: what last stood, as programs keep it. Written by whoever judges, the program while <see cref="Forwarded"/> says that
    /// the proxy has nothing of the direction, the proxy otherwise.
    /// </summary>
    [FieldOffset(StandingAt)]
    internal ulong Standing;

    /// <summary>Likewise: bytes that the stream has carried.</summary>
    [FieldOffset(OffsetAt)]
    internal ulong Offset;

    /// <summary>The program's: messages that its rules have dropped.</summary>
    [FieldOffset(DroppedAt)]
    internal ulong Dropped;

    /// <summary>The program's: <see cref="SentOn"/> at its last redirect. Ours before the first: a number that is never reached.</summary>
    [FieldOffset(SeenSentOnAt)]
    internal ulong SeenSentOn;

    /// <summary>The program's: write_seq of the sink once the last redirected message is all in.</summary>
    [FieldOffset(SinkAfterAt)]
    internal uint SinkAfter;

    /// <summary>The program's: how often it was not all in when the next one came.</summary>
    [FieldOffset(MismatchesAt)]
    internal ulong Mismatches;

    /// <summary>The promotion program's: the address of the sender's struct sock, for the other direction to look at.</summary>
    [FieldOffset(SocketAt)]
    internal ulong Socket;

    /// <summary>The program's: bytes it has put into the receiver's own queue.</summary>
    [FieldOffset(IngressBytesAt)]
    internal ulong IngressBytes;

    /// <summary>The program's: messages it has put there since it last found the queue empty.</summary>
    [FieldOffset(QueuedAt)]
    internal uint Queued;

    /// <summary>All of those.</summary>
    internal readonly ulong Passed => PassedForOrder + PassedForSender + PassedForSink + PassedForRoom + PassedForMemory + PassedForRules;

    /// <summary>Where the program counts messages of a kind.</summary>
    internal static int CountAt(BypassPass reason) => PassedAt + ((int)reason * sizeof(ulong));
}
