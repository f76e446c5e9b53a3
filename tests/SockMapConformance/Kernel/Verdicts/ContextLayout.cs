namespace Sluice.SockMapConformance.Behaviour;

/// <summary>Where a program finds things in its context: struct sk_msg_md and struct __sk_buff of uapi/linux/bpf.h.</summary>
internal sealed record ContextLayout(int Length, int RemoteIp4, int LocalIp4, int RemotePort, int LocalPort)
{
    public static readonly ContextLayout Msg = new(68, 20, 24, 60, 64);
    public static readonly ContextLayout Skb = new(0, 92, 96, 132, 136);
}
