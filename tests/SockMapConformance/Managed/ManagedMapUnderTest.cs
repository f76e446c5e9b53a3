using Sluice.Redirect;
using Sluice.Redirect.Maps;
using Sluice.Redirect.Verdicts;

namespace Sluice.SockMapConformance.Engine;

internal sealed class ManagedMapUnderTest<TKey>(ManagedMap<TKey> map) : MapUnderTest<TKey>(map), IMap
    where TKey : unmanaged
{
    public Errno Attach(AttachType slot, IProgram program) =>
        program is IStreamParser parser ? map.Attach(slot, parser) : map.Attach(slot, (IVerdictProgram)program);

    public Errno Detach(AttachType slot, IProgram program) =>
        program is IStreamParser parser ? map.Detach(slot, parser) : map.Detach(slot, (IVerdictProgram)program);

    public Errno Link(AttachType slot, IProgram program, out ILink? link)
    {
        link = null;
        if (program is IStreamParser parser)
        {
            Errno result = map.Link(slot, parser, out IMapLink<IStreamParser>? ofParser);
            link = ofParser is null ? null : new LinkUnderTest<IStreamParser>(ofParser);
            return result;
        }

        Errno errno = map.Link(slot, (IVerdictProgram)program, out IMapLink<IVerdictProgram>? ofVerdict);
        link = ofVerdict is null ? null : new LinkUnderTest<IVerdictProgram>(ofVerdict);
        return errno;
    }

    private sealed class LinkUnderTest<TProgram>(IMapLink<TProgram> link) : ILink
        where TProgram : class
    {
        public Errno Replace(IProgram program, IProgram? expected) => link.Replace((TProgram)program, (TProgram?)expected);

        public void Dispose() => link.Dispose();
    }
}
