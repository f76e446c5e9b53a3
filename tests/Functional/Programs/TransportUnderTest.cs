using Sluice.Redirect.Reactors;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Transports;

namespace Sluice.Functional;

/// <summary>Which transport this project compiles the functional suite for, and what it cannot do.</summary>
internal static class TransportUnderTest
{
    private const int SpliceMapsSize = 20_000;

    public const string Name = "programs";

    /// <summary>Whether an RST is passed on although its sender's bytes are stuck or its FIN has been read already.</summary>
    public const bool SeesResetWithoutReading = true;

    /// <summary>Maps with a program that passes everything on, in pieces.</summary>
    public static SpliceMaps CreateMaps()
    {
        var pass = new StreamProgram(new Pieces(), null, 64 * 1024);
        return new SpliceMaps(SpliceMapsSize, pass, pass);
    }

    public static ITransport Create() => new ReactorTransport(new ReactorTransportOptions { Reactors = 2 });

    /// <summary>Bytes that the transport holds for slow readers.</summary>
    public static long HeldBytes(ITransport transport) => ((ReactorTransport)transport).Reactors.Sum(reactor => reactor.HeldBytes);
}
