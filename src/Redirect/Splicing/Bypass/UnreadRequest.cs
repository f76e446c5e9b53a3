using System.Runtime.InteropServices;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Splicing.Bypass;

/// <summary>What the <see cref="UnreadProgram"/> is asked: a reader. It is the packet that it runs on, behind an Ethernet header.</summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct UnreadRequest
{
    internal const int TupleSizeAt = 40;
    internal const int Size = 48;

    /// <summary>Of the application's socket.</summary>
    [FieldOffset(0)]
    internal SocketTuple Reader;

    /// <summary>Bytes of it that count.</summary>
    [FieldOffset(TupleSizeAt)]
    internal uint TupleSize;
}
