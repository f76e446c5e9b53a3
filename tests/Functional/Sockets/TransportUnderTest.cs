using Sluice.Redirect.Splicing;
using Sluice.Redirect.Transports;

namespace Sluice.Functional;

/// <summary>Which transport this project compiles the functional suite for, and what it cannot do.</summary>
internal static class TransportUnderTest
{
    private const int SpliceMapsSize = 20_000;

    public const string Name = "sockets";

    /// <summary>Whether an RST is passed on although its sender's bytes are stuck or its FIN has been read already.</summary>
    public const bool SeesResetWithoutReading = false;

    /// <summary>Maps with the constant redirect.</summary>
    public static SpliceMaps CreateMaps() => new(SpliceMapsSize);

    public static ITransport Create() => new SocketsTransport();

    /// <summary>Bytes that the transport holds for slow readers: none that it counts.</summary>
    public static long HeldBytes(ITransport _) => 0;
}
