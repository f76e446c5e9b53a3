namespace Sluice.Redirect.Rules.Tls;

/// <summary>What the first bytes of a stream are, as far as a ClientHello goes. All but <see cref="Incomplete"/> are final: more bytes change nothing.</summary>
public enum ClientHelloStatus : byte
{
    /// <summary>More bytes are needed to tell.</summary>
    Incomplete,
    /// <summary>The whole ClientHello is there and all its lengths agree.</summary>
    Complete,
    /// <summary>
    /// The stream does not begin with a ClientHello: it is another protocol, another message of TLS such as an alert, or the
    /// hello of SSL 2.0.
    /// </summary>
    NotTls,
    /// <summary>
    /// It begins like a ClientHello and breaks the format: lengths that contradict each other or lie outside their range, an
    /// extension or host name that is there twice, a record of another type in the middle.
    /// </summary>
    Malformed,
    /// <summary>The ClientHello ends behind the first <see cref="ClientHello.MostBytes"/> bytes.</summary>
    TooLong,
}
