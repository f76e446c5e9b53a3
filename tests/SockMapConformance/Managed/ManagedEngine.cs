using Sluice.Redirect;
using Sluice.Redirect.Maps;
using Sluice.Redirect.Verdicts;

namespace Sluice.SockMapConformance.Engine;

/// <summary>The library's own maps. Its keys have types; what the kernel sees of them are their sizes and bytes.</summary>
internal sealed class ManagedEngine : IEngine
{
    public Errno Create(MapKind kind, int keySize, int valueSize, uint maxEntries, out IMap? map)
    {
        var attributes = new MapAttributes(keySize, maxEntries, valueSize);
        map = null;
        if (kind == MapKind.SockMap)
        {
            Errno errno = SockMap.Create(attributes, out SockMap? array);
            if (array is not null)
                map = new ManagedMapUnderTest<uint>(array);
            return errno;
        }

        Errno result = SockHash.Create(attributes, out SockHash? hash);
        if (hash is not null)
            map = new ManagedMapUnderTest<SocketKey>(hash);
        return result;
    }

    public IProgram LoadPass(AttachType slot) => slot == AttachType.SkSkbStreamParser ? new WholeParser() : new PassProgram();
}

internal sealed class PassProgram : IProgram, IVerdictProgram
{
    public Verdict Run(Message message) => Verdict.Pass;

    public void Dispose()
    {
    }
}

internal sealed class WholeParser : IProgram, IStreamParser
{
    public int Parse(Message message) => message.Data.Length;

    public void Dispose()
    {
    }
}
