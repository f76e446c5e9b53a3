using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Splicing.Kernel;

/// <summary>
/// Where the running kernel has the fields that the program reads, in bytes from the start of struct tcp_sock, which is that of
/// struct sock as well.
/// </summary>
/// <param name="WriteSequence">write_seq: behind the last byte that was sent or queued.</param>
/// <param name="Unacknowledged">snd_una: the first byte that the other end has not acknowledged.</param>
/// <param name="CopiedSequence">copied_seq: the first byte that was not received by user space.</param>
/// <param name="SendMemory">sk_wmem_queued: memory that the send queue takes, whatever its bytes.</param>
/// <param name="SendBuffer">sk_sndbuf: memory that it may take.</param>
internal readonly record struct TcpSockFields(int WriteSequence, int Unacknowledged, int CopiedSequence, int SendMemory, int SendBuffer)
{
    /// <summary>Looks them up. EBADMSG: there is no such field, or it is not four bytes wide.</summary>
    internal static Errno Find(Btf btf, out TcpSockFields fields)
    {
        bool hasAll = TryFind(btf, "tcp_sock"u8, "write_seq"u8, out int write)
            & TryFind(btf, "tcp_sock"u8, "snd_una"u8, out int unacknowledged)
            & TryFind(btf, "tcp_sock"u8, "copied_seq"u8, out int copied)
            & TryFind(btf, "sock"u8, "sk_wmem_queued"u8, out int memory)
            & TryFind(btf, "sock"u8, "sk_sndbuf"u8, out int buffer);
        fields = new TcpSockFields(write, unacknowledged, copied, memory, buffer);
        return hasAll ? Errno.None : Errno.EBADMSG;
    }

    private static bool TryFind(Btf btf, ReadOnlySpan<byte> type, ReadOnlySpan<byte> name, out int offset)
    {
        Errno errno = btf.FindField(type, name, out BtfField field);
        offset = field.Offset;
        return errno == Errno.None && field.Size == sizeof(uint);
    }
}
