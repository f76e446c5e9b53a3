namespace Sluice.Redirect.Rules;

/// <summary>What a rule can look at. <c>FieldTable</c> has a row for each.</summary>
public enum Field : byte
{
    /// <summary>The address at the other end of the socket that the bytes pass through. Absent on unix sockets.</summary>
    RemoteAddress,
    /// <summary>That socket's own address. Absent on unix sockets.</summary>
    LocalAddress,
    /// <summary>The port at the other end. Absent on unix sockets.</summary>
    RemotePort,
    /// <summary>That socket's own port. Absent on unix sockets.</summary>
    LocalPort,
    /// <summary>IPv4, IPv6 or unix: a number of <see cref="AddressFamilyNumber"/>.</summary>
    Family,
    /// <summary>Which side sent the bytes: a number of <see cref="Redirect.Direction"/>.</summary>
    Direction,
    /// <summary>The message's length in bytes; without framing, what is at hand.</summary>
    MessageLength,
    /// <summary>Where in its stream the message begins, in bytes.</summary>
    StreamOffset,
    /// <summary>One to eight bytes of the message as a number.</summary>
    Number,
    /// <summary>Bytes of the message as they are.</summary>
    Bytes,
    /// <summary>The host name that a TLS ClientHello asks for. Absent when the message is none, or names none.</summary>
    Sni,
    /// <summary>The application protocols that a TLS ClientHello offers. Absent when the message is none, or offers none.</summary>
    Alpn,
}
