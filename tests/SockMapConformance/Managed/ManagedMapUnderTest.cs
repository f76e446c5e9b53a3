using System.Runtime.InteropServices;
using Sluice.Redirect;
using Sluice.Redirect.Maps;
using Sluice.Redirect.Verdicts;

namespace Sluice.SockMapConformance.Engine;

internal sealed class ManagedMapUnderTest<TKey>(ISockMap<TKey> map) : IMap
    where TKey : unmanaged
{
    public Errno Update(ReadOnlySpan<byte> key, ulong value, ulong flags) =>
        map.Update(MemoryMarshal.Read<TKey>(key), value, (MapUpdateFlags)flags);

    public Errno Lookup(ReadOnlySpan<byte> key, out ulong cookie) => map.Lookup(MemoryMarshal.Read<TKey>(key), out cookie);

    public Errno Delete(ReadOnlySpan<byte> key) => map.Delete(MemoryMarshal.Read<TKey>(key));

    public Errno NextKey(ReadOnlySpan<byte> key, Span<byte> next)
    {
        Errno errno = key.IsEmpty ? map.GetFirstKey(out TKey found) : map.GetNextKey(MemoryMarshal.Read<TKey>(key), out found);
        MemoryMarshal.Write(next, found);
        return errno;
    }

    public Errno Attach(AttachType slot, IProgram program) =>
        program is IStreamParser parser ? map.Attach(parser) : map.Attach(slot, (IVerdictProgram)program);

    public Errno Detach(AttachType slot, IProgram program) =>
        program is IStreamParser parser ? map.Detach(parser) : map.Detach(slot, (IVerdictProgram)program);

    public Errno Link(AttachType slot, IProgram program, out ILink? link)
    {
        Errno errno = program is IStreamParser parser
            ? map.Link(parser, out MapLink? made)
            : map.Link(slot, (IVerdictProgram)program, out made);
        link = made is null ? null : new LinkUnderTest(made);
        return errno;
    }

    public void Dispose() => map.Dispose();

    private sealed class LinkUnderTest(MapLink link) : ILink
    {
        public Errno Replace(IProgram program, IProgram? expected) => program is IStreamParser parser
            ? link.Replace(parser, (IStreamParser?)expected)
            : link.Replace((IVerdictProgram)program, (IVerdictProgram?)expected);

        public void Dispose() => link.Dispose();
    }
}
