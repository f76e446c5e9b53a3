namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>Where fields stand in struct __sk_buff and struct sk_msg_md (uapi/linux/bpf.h). All are of 4 bytes but sk_msg's data.</summary>
internal sealed record ContextField(int Length, int Family, int RemoteIPv4, int LocalIPv4, int RemoteIPv6, int LocalIPv6, int RemotePort, int LocalPort)
{
    /// <summary>sk_msg_md.data, 8 bytes.</summary>
    internal const int MessageData = 0;

    /// <summary>sk_msg_md.data_end, 8 bytes.</summary>
    internal const int MessageDataEnd = 8;

    private static readonly ContextField SkBuff = new(0, 88, 92, 96, 100, 116, 132, 136);
    private static readonly ContextField SkMsg = new(68, 16, 20, 24, 28, 44, 60, 64);

    internal static ContextField Of(BpfProgramKind kind) => kind == BpfProgramKind.SkSkb ? SkBuff : SkMsg;
}
