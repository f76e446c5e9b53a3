using Sluice.Redirect.ProxyProtocol;
using Sluice.Redirect.Transports;

namespace Sluice.ProxyHost.Connections;

/// <summary>Looks for a PROXY header in the first bytes of one connection.</summary>
internal sealed class ProxyHeaderInspection(int maxBytes) : IPreludeInspector
{
    /// <summary>What the bytes are that were looked at last.</summary>
    public ProxyHeaderResult Result { get; private set; }

    /// <summary>True when they could only become a header, whether it was whole or not.</summary>
    public bool HasSignature { get; private set; }

    /// <inheritdoc/>
    public bool Inspect(ReadOnlySpan<byte> bytes, bool isFinal)
    {
        Result = ProxyHeaderReader.Read(bytes, maxBytes);
        HasSignature = ProxyHeaderReader.HasSignature(bytes);
        return Result.Status != ProxyHeaderStatus.NeedMore;
    }
}
