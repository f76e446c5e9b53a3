using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace Sluice.Redirect.ProxyProtocol;

/// <summary>Version 1: <c>PROXY TCP4 192.0.2.1 198.51.100.2 40000 443</c> and CR LF.</summary>
internal static class TextHeader
{
    private static readonly SearchValues<byte> OfAddresses = SearchValues.Create("0123456789abcdefABCDEF:."u8);

    private static ReadOnlySpan<byte> LineEnd => "\r\n"u8;

    /// <summary>Bytes that begin with PROXY, or with a part of it and no more.</summary>
    internal static ProxyHeaderResult Read(ReadOnlySpan<byte> bytes, int maxBytes)
    {
        ReadOnlySpan<byte> room = bytes[..Math.Min(bytes.Length, maxBytes)];
        int length = room.IndexOf(LineEnd);
        if (length < 0)
            return room.Length < maxBytes ? default : ProxyHeaderResult.Invalid("the line does not end within the bytes it may have");

        ReadOnlySpan<byte> line = room[..length];
        return Parse(line) is { } header
            ? ProxyHeaderResult.Complete(header, length + LineEnd.Length)
            : ProxyHeaderResult.Invalid("the line is not of the form `PROXY TCP4|TCP6 source destination port port`");
    }

    private static ProxyHeader? Parse(ReadOnlySpan<byte> line)
    {
        _ = Take(ref line, out ReadOnlySpan<byte> signature);
        bool hasMore = Take(ref line, out ReadOnlySpan<byte> protocol);
        if (!signature.SequenceEqual("PROXY"u8))
            return null;
        // Whatever stands behind it is to be ignored.
        if (protocol.SequenceEqual("UNKNOWN"u8))
            return new ProxyHeader(1, ProxyCommand.Proxy);

        AddressFamily? family = protocol.SequenceEqual("TCP4"u8) ? AddressFamily.InterNetwork
            : protocol.SequenceEqual("TCP6"u8) ? AddressFamily.InterNetworkV6
            : null;
        return family is { } known && hasMore ? Parse(line, known) : null;
    }

    private static ProxyHeader? Parse(ReadOnlySpan<byte> line, AddressFamily family) =>
        Take(ref line, out ReadOnlySpan<byte> source) && Take(ref line, out ReadOnlySpan<byte> destination)
        && Take(ref line, out ReadOnlySpan<byte> sourcePort) && !Take(ref line, out ReadOnlySpan<byte> destinationPort)
        && Address(source, family) is { } from && Address(destination, family) is { } to
        && Port(sourcePort) is { } fromPort && Port(destinationPort) is { } toPort
            ? new ProxyHeader(1, ProxyCommand.Proxy, new IPEndPoint(from, fromPort), new IPEndPoint(to, toPort))
            : null;

    // True when a space followed the word, exactly one: with two the next word is empty, which nothing here may be.
    private static bool Take(ref ReadOnlySpan<byte> line, out ReadOnlySpan<byte> word)
    {
        int space = line.IndexOf((byte)' ');
        word = space < 0 ? line : line[..space];
        line = space < 0 ? default : line[(space + 1)..];
        return space >= 0;
    }

    // The library also knows addresses with scopes, in brackets, with ports and in shortened decimal, none of which is meant here.
    private static IPAddress? Address(ReadOnlySpan<byte> text, AddressFamily family)
    {
        if (text.ContainsAnyExcept(OfAddresses) || !IPAddress.TryParse(text, out IPAddress? address) || address.AddressFamily != family)
            return null;

        Span<byte> canonical = stackalloc byte[15];
        bool isExact = family == AddressFamily.InterNetworkV6
            || (address.TryFormat(canonical, out int written) && text.SequenceEqual(canonical[..written]));
        return isExact ? address : null;
    }

    private static int? Port(ReadOnlySpan<byte> text) =>
        text.Length is > 0 and <= 5 && (text[0] != '0' || text.Length == 1) && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9')
        && Utf8Parser.TryParse(text, out int port, out _) && port <= ushort.MaxValue
            ? port
            : null;
}
