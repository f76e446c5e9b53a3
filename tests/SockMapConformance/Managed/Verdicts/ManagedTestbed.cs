using Sluice.Redirect;
using Sluice.Redirect.Maps;
using Sluice.Redirect.Tests.Splicing.Programs;
using Sluice.Redirect.Verdicts;

namespace Sluice.SockMapConformance.Behaviour;

internal sealed class ManagedTestbed(Topology topology, ManagedMaps maps) : ITestbed
{
    public ISocketUnderTest this[End end] => new PsockUnderTest(topology[(uint)end], topology.Key((uint)end));

    public IProgramMap NewMap() => new ManagedProgramMap(topology, maps.Create(), maps.Hash);

    public void Register(End end, End keyOf) =>
        Assert.Equal(Errno.None, maps.Hash.Update(topology.Key((uint)keyOf), topology.Socket((uint)end)));

    public void Start(params ReadOnlySpan<End> ends)
    {
        if (ends.IsEmpty)
            topology.Start();
        foreach (End end in ends)
            topology[(uint)end].Start();
    }
}

internal sealed class ManagedProgramMap(Topology topology, SockMap map, SockHash hash) : IProgramMap
{
    public IProgramUnderTest Attach(AttachType slot, ProgramSpec program)
    {
        SpecProgram loaded = Load(program);
        Assert.Equal(Errno.None, map.Attach(slot, loaded));
        return loaded;
    }

    public IProgramUnderTest Attach(ParserSpec parser)
    {
        var loaded = new SpecParser(parser);
        Assert.Equal(Errno.None, map.Attach(AttachType.SkSkbStreamParser, loaded));
        return loaded;
    }

    public ILinkUnderTest Link(AttachType slot, ProgramSpec program)
    {
        Assert.Equal(Errno.None, map.Link(slot, Load(program), out IMapLink<IVerdictProgram>? link));
        return new SpecLink(this, link!);
    }

    public void Insert(End end) => Assert.Equal(Errno.None, map.Update((uint)end, topology.Socket((uint)end)));

    public void Delete(End end) => Assert.Equal(Errno.None, map.Delete((uint)end));

    private SpecProgram Load(ProgramSpec program) => new(program, topology.Map, hash);

    private sealed class SpecLink(ManagedProgramMap owner, IMapLink<IVerdictProgram> link) : ILinkUnderTest
    {
        public IProgramUnderTest Replace(ProgramSpec program)
        {
            SpecProgram loaded = owner.Load(program);
            Assert.Equal(Errno.None, link.Replace(loaded));
            return loaded;
        }
    }
}
