namespace Sluice.Redirect.Verdicts;

/// <summary>Which way the bytes of a message pass through their socket, and so which kind of program judges them.</summary>
public enum MessageDirection : byte
{
    /// <summary>They were received by the socket: sk_skb programs.</summary>
    Ingress = 0,

    /// <summary>They are being sent through the socket: sk_msg programs.</summary>
    Egress = 1,
}
