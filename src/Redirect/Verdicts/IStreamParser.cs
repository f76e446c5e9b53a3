namespace Sluice.Redirect.Verdicts;

/// <summary>A stream parser (BPF_SK_SKB_STREAM_PARSER): finds the end of the message that the bytes at hand begin with.</summary>
public interface IStreamParser
{
    /// <summary>
    /// 0: more bytes are needed to tell; n > 0: the message is n bytes long, whether they are there yet or not; n &lt; 0: an errno
    /// with which the stream ends.
    /// </summary>
    int Parse(Message message);
}
