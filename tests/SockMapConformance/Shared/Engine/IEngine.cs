using Sluice.Redirect;
using Sluice.Redirect.Maps;

namespace Sluice.SockMapConformance.Engine;

/// <summary>What has sockmaps: the managed code, or the kernel. Errors are the kernel's.</summary>
internal interface IEngine
{
    /// <summary>Creates a map of raw key and value sizes.</summary>
    Errno Create(MapKind kind, int keySize, int valueSize, uint maxEntries, out IMap? map);

    /// <summary>A program for a slot that passes everything (as a parser: takes what is there for one message).</summary>
    IProgram LoadPass(AttachType slot);
}

internal enum MapKind
{
    SockMap,
    SockHash,
}

/// <summary>A loaded program. Disposing gives up the reference; where it is attached it stays.</summary>
internal interface IProgram : IDisposable;

/// <summary>A bpf_link.</summary>
internal interface ILink : IDisposable
{
    Errno Replace(IProgram program, IProgram? expected = null);
}

/// <summary>The map operations of bpf(2). Keys are as long as the map was created with.</summary>
internal interface IMap : IDisposable
{
    Errno Update(ReadOnlySpan<byte> key, ulong value, ulong flags);

    Errno Lookup(ReadOnlySpan<byte> key, out ulong cookie);

    Errno Delete(ReadOnlySpan<byte> key);

    /// <summary>An empty key asks for the first.</summary>
    Errno NextKey(ReadOnlySpan<byte> key, Span<byte> next);

    Errno Attach(AttachType slot, IProgram program);

    Errno Detach(AttachType slot, IProgram program);

    Errno Link(AttachType slot, IProgram program, out ILink? link);
}
