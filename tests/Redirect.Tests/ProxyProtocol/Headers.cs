using System.Net;
using CsCheck;
using Sluice.Redirect.ProxyProtocol;

namespace Sluice.Redirect.Tests.ProxyProtocol;

/// <summary>Random headers that can be written, and what tells two of them apart.</summary>
internal static class Headers
{
    private static readonly Gen<IPEndPoint> V4 =
        Gen.Select(Gen.Byte.Array[4], Gen.UShort, (address, port) => new IPEndPoint(new IPAddress(address), port));

    // The first byte is not 0, so that none of them is IPv4 in disguise.
    private static readonly Gen<IPEndPoint> V6 =
        Gen.Select(Gen.Byte[1, 255], Gen.Byte.Array[15], Gen.UShort, (first, rest, port) => new IPEndPoint(new IPAddress([first, .. rest]), port));

    private static readonly Gen<(IPEndPoint? From, IPEndPoint? To)> Addresses = Gen.OneOf<(IPEndPoint?, IPEndPoint?)>(
        Gen.Select(V4, V4, (a, b) => ((IPEndPoint?)a, (IPEndPoint?)b)),
        Gen.Select(V6, V6, (a, b) => ((IPEndPoint?)a, (IPEndPoint?)b)),
        Gen.Const<(IPEndPoint?, IPEndPoint?)>((null, null)));

    // Padding and checksum are not kept; a unique id has a limit of its own.
    private static readonly Gen<ProxyTlv> Tlv = Gen.Select(
        Gen.OneOf<byte>(Gen.OneOf<byte>(1, 2, 5, 0x20, 0x30), Gen.Byte[0xE0, 0xEF]), Gen.Byte.Array[0, 100], (type, value) => new ProxyTlv(type, value));

    public static Gen<ProxyHeader> Text { get; } = Addresses.Select(pair => new ProxyHeader(1, ProxyCommand.Proxy, pair.From, pair.To));

    public static Gen<ProxyHeader> Binary { get; } = Gen.Select(
        Addresses, Tlv.Array[0, 6], Gen.Bool, (pair, tlvs, isLocal) => isLocal
            ? new ProxyHeader(2, ProxyCommand.Local)
            : new ProxyHeader(2, ProxyCommand.Proxy, pair.From, pair.To) { Tlvs = [.. tlvs] });

    public static Gen<ProxyHeader> Any { get; } = Gen.OneOf<ProxyHeader>(Text, Binary);

    public static string Shape(ProxyHeader? header) => header is null ? "none" :
        $"v{header.Version} {header.Command} {header.Source} > {header.Destination}"
        + string.Concat(header.Tlvs.Select(tlv => $" {tlv.Type:x2}={Convert.ToHexString(tlv.Value.Span)}"));

    public static string Shape(in ProxyHeaderResult result) => $"{result.Status} {result.Consumed} {result.Problem} {Shape(result.Header)}";
}
