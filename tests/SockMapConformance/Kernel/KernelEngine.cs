using Sluice.Redirect;
using Sluice.Redirect.Bpf;
using Sluice.Redirect.Linux;
using Sluice.Redirect.Maps;
using Sluice.Redirect.Maps.Kernel;
using Sluice.Redirect.Verdicts;

namespace Sluice.SockMapConformance.Engine;

/// <summary>The running kernel, through the library's maps and assembler.</summary>
internal sealed class KernelEngine : IEngine
{
    private static readonly Dictionary<string, BpfMap> NoMaps = [];

    public Errno Create(MapKind kind, int keySize, int valueSize, uint maxEntries, out IMap? map)
    {
        var attributes = new MapAttributes(keySize, maxEntries, valueSize);
        map = null;
        if (kind == MapKind.SockMap)
        {
            Errno errno = KernelSockMap.Create("conformance", attributes, out KernelSockMap? array);
            if (array is not null)
                map = new KernelMapUnderTest<uint>(array);
            return errno;
        }

        Errno result = KernelSockHash.Create("conformance", attributes, out KernelSockHash? hash);
        if (hash is not null)
            map = new KernelMapUnderTest<SocketKey>(hash);
        return result;
    }

    public IProgram LoadPass(AttachType slot)
    {
        Assert.Equal(Errno.None, TryLoadPass(slot, out IProgram? program));
        return program!;
    }

    internal static Errno TryLoadPass(AttachType slot, out IProgram? program)
    {
        var a = new Assembler();
        if (slot == AttachType.SkSkbStreamParser)
            a.Load(OperandSize.Word, Register.R0, Register.R1, 0); // skb->len
        else
            a.Move(Register.R0, 1); // SK_PASS
        a.Exit();
        Errno errno = KernelProgram.Load(a.Build(), slot, "pass", NoMaps, out KernelProgram? loaded);
        program = loaded is null ? null : new KernelProgramUnderTest(loaded);
        return errno;
    }
}
