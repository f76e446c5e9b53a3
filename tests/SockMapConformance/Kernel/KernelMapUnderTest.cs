using Sluice.Redirect;
using Sluice.Redirect.Maps;
using Sluice.Redirect.Maps.Kernel;

namespace Sluice.SockMapConformance.Engine;

internal sealed class KernelMapUnderTest<TKey>(KernelMap<TKey> map) : MapUnderTest<TKey>(map), IMap
    where TKey : unmanaged
{
    public Errno Attach(AttachType slot, IProgram program) => map.Attach(slot, Of(program));

    public Errno Detach(AttachType slot, IProgram program) => map.Detach(slot, Of(program));

    public Errno Link(AttachType slot, IProgram program, out ILink? link)
    {
        Errno errno = map.Link(slot, Of(program), out IMapLink<KernelProgram>? made);
        link = made is null ? null : new LinkUnderTest(made);
        return errno;
    }

    private static KernelProgram Of(IProgram program) => ((KernelProgramUnderTest)program).Program;

    private sealed class LinkUnderTest(IMapLink<KernelProgram> link) : ILink
    {
        public Errno Replace(IProgram program, IProgram? expected) => link.Replace(Of(program), expected is null ? null : Of(expected));

        public void Dispose() => link.Dispose();
    }
}

internal sealed class KernelProgramUnderTest(KernelProgram program) : IProgram
{
    public KernelProgram Program => program;

    public void Dispose() => program.Dispose();
}
