using System.Runtime.CompilerServices;
using Sluice.Redirect;
using Sluice.Redirect.Bpf;
using Sluice.Redirect.Linux;
using Sluice.Redirect.Maps;
using Sluice.Redirect.Maps.Kernel;

namespace Sluice.SockMapConformance.Behaviour;

internal sealed class KernelProgramMap(KernelTestbed testbed, KernelSockMap map) : IProgramMap
{
    private ParserSpec? _parser;

    public IProgramUnderTest Attach(AttachType slot, ProgramSpec program)
    {
        KernelProgramUnderTest loaded = Load(slot, program);
        Assert.Equal(Errno.None, map.Attach(slot, loaded.Program));
        return loaded;
    }

    public IProgramUnderTest Attach(ParserSpec parser)
    {
        _parser = parser;
        KernelProgramUnderTest loaded = Load(AttachType.SkSkbStreamParser, ParserCompiler.Compile(parser));
        Assert.Equal(Errno.None, map.Attach(AttachType.SkSkbStreamParser, loaded.Program));
        return loaded;
    }

    public ILinkUnderTest Link(AttachType slot, ProgramSpec program)
    {
        Assert.Equal(Errno.None, map.Link(slot, Load(slot, program).Program, out IMapLink<KernelProgram>? link));
        return new SpecLink(this, slot, testbed.Own(link!));
    }

    public void Insert(End end)
    {
        Assert.Equal(Errno.None, map.Update((uint)end, (ulong)testbed.Sockets[end].Fd));
        testbed.Judge(end, _parser);
    }

    public void Delete(End end)
    {
        Assert.Equal(Errno.None, map.Delete((uint)end));
        testbed.JudgeNoMore(end);
    }

    private KernelProgramUnderTest Load(AttachType slot, ProgramSpec program) =>
        Load(slot, new ProgramCompiler(slot, _parser, testbed.Ledger.Ports).Compile(program));

    private KernelProgramUnderTest Load(AttachType slot, ProgramImage image) => testbed.Own(new KernelProgramUnderTest(testbed, slot, image));

    private sealed class SpecLink(KernelProgramMap owner, AttachType slot, IMapLink<KernelProgram> link) : ILinkUnderTest
    {
        public IProgramUnderTest Replace(ProgramSpec program)
        {
            KernelProgramUnderTest loaded = owner.Load(slot, program);
            Assert.Equal(Errno.None, link.Replace(loaded.Program));
            return loaded;
        }
    }
}

/// <summary>A loaded program and the two numbers it counts for itself.</summary>
internal sealed class KernelProgramUnderTest : IProgramUnderTest, IDisposable
{
    private readonly KernelTestbed _testbed;
    private readonly BpfMap _counters;
    private readonly MappedArray<ProgramCounters> _mapped;

    public KernelProgramUnderTest(KernelTestbed testbed, AttachType slot, ProgramImage image)
    {
        _testbed = testbed;
        Assert.Equal(Errno.None, BpfMap.Create(BpfMapType.Array, "counters", sizeof(uint), 16, 1, BpfMapFlags.Mappable, out BpfMap? counters));
        Assert.Equal(Errno.None, MappedArray<ProgramCounters>.Map(counters!, out MappedArray<ProgramCounters>? mapped));
        (_counters, _mapped) = (counters!, mapped!);
        var maps = new Dictionary<string, BpfMap>
        {
            [ProgramMaps.Counters.Name] = _counters,
            [ProgramMaps.Entries.Name] = testbed.Ledger.Entries,
            [ProgramMaps.Events.Name] = testbed.Ledger.Events,
            [ProgramMaps.Numbers.Name] = testbed.Numbers.Map,
            [ProgramMaps.Tuples.Name] = testbed.Tuples.Map,
        };
        Assert.Equal(Errno.None, KernelProgram.Load(image, slot, "conformance", maps, out KernelProgram? program));
        Program = program!;
    }

    public KernelProgram Program { get; }

    public long Runs => (long)_mapped[0][0];

    public long Refused => (long)_mapped[0][1];

    public Task AwaitRunsAsync(long runs) => Task.Factory.StartNew(
        () =>
        {
            _testbed.Ledger.AwaitRuns(() => Runs >= runs);
            _testbed.PassLocks();
        },
        TaskCreationOptions.LongRunning);

    public void Dispose()
    {
        Program.Dispose();
        _mapped.Dispose();
        _counters.Dispose();
    }

    [InlineArray(2)]
    private struct ProgramCounters
    {
        private ulong _first;
    }
}

/// <summary>The maps by their names in programs.</summary>
internal static class ProgramMaps
{
    public static readonly MapReference Counters = new("counters");
    public static readonly MapReference Entries = new("entries");
    public static readonly MapReference Events = new("events");
    public static readonly MapReference Numbers = new("numbers");
    public static readonly MapReference Tuples = new("tuples");
}
