namespace Sluice.Redirect.Verdicts;

/// <summary>
/// A verdict program: sk_msg where it judges what is sent through a socket, sk_skb where it judges what arrives. It runs on the
/// socket's reactor, for one message at a time, and must not keep the message.
/// </summary>
public interface IVerdictProgram
{
    /// <summary>Judges one message. An exception ends the connection, and nothing else.</summary>
    Verdict Run(Message message);
}
