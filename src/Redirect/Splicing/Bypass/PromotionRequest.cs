using System.Runtime.InteropServices;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Splicing.Bypass;

/// <summary>
/// What the promotion program is asked: one direction. It is the packet that it runs on, behind an Ethernet header.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct PromotionRequest
{
    internal const int SenderAt = 0;
    internal const int SourceAt = 40;
    internal const int SinkAt = 80;
    internal const int SourceCookieAt = 120;
    internal const int SinkCookieAt = 128;
    internal const int KeyAt = 136;
    internal const int IndexAt = 144;
    internal const int GenerationAt = 148;
    internal const int SourceTupleSizeAt = 152;
    internal const int SinkTupleSizeAt = 156;
    internal const int Size = 160;

    /// <summary>Of the application's socket: that of <see cref="Source"/> from the other end.</summary>
    [FieldOffset(SenderAt)]
    internal SocketTuple Sender;

    /// <summary>Of the proxy's socket that receives from it.</summary>
    [FieldOffset(SourceAt)]
    internal SocketTuple Source;

    /// <summary>Of the proxy's socket to the receiver.</summary>
    [FieldOffset(SinkAt)]
    internal SocketTuple Sink;

    /// <summary>SO_COOKIE of the source.</summary>
    [FieldOffset(SourceCookieAt)]
    internal ulong SourceCookie;

    /// <summary>SO_COOKIE of the sink.</summary>
    [FieldOffset(SinkCookieAt)]
    internal ulong SinkCookie;

    /// <summary>The direction's key in both sockhashes.</summary>
    [FieldOffset(KeyAt)]
    internal ulong Key;

    /// <summary>The direction's record.</summary>
    [FieldOffset(IndexAt)]
    internal uint Index;

    /// <summary>What the record's generation will be.</summary>
    [FieldOffset(GenerationAt)]
    internal uint Generation;

    /// <summary>Bytes of the first two 4-tuples.</summary>
    [FieldOffset(SourceTupleSizeAt)]
    internal uint SourceTupleSize;

    /// <summary>Bytes of the third.</summary>
    [FieldOffset(SinkTupleSizeAt)]
    internal uint SinkTupleSize;
}
