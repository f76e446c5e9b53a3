namespace Sluice.Redirect.Maps;

/// <summary>The program slots of a map (enum bpf_attach_type, uapi/linux/bpf.h).</summary>
public enum AttachType
{
    /// <summary>stream_parser: frames what arrives at a socket.</summary>
    SkSkbStreamParser = 4,
    /// <summary>stream_verdict: judges what the parser framed, or what arrives where there is no parser.</summary>
    SkSkbStreamVerdict = 5,
    /// <summary>msg_parser: judges what is sent through a socket.</summary>
    SkMsgVerdict = 7,
    /// <summary>skb_verdict: judges what arrives; never with a parser, and not together with a stream_verdict.</summary>
    SkSkbVerdict = 38,
}
