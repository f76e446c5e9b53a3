using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Splicing.Kernel;

/// <summary>Where the running kernel has the fields of struct tcp_sock that the program reads, in bytes from its start.</summary>
/// <param name="WriteSequence">write_seq: behind the last byte that was sent or queued.</param>
/// <param name="Unacknowledged">snd_una: the first byte that the other end has not acknowledged.</param>
/// <param name="CopiedSequence">copied_seq: the first byte that was not received by user space.</param>
internal readonly record struct TcpSockFields(int WriteSequence, int Unacknowledged, int CopiedSequence)
{
    /// <summary>Looks them up. EBADMSG: there is no such field, or it is not four bytes wide.</summary>
    internal static Errno Find(Btf btf, out TcpSockFields fields)
    {
        fields = default;
        if (!TryFind(btf, "write_seq"u8, out int write) || !TryFind(btf, "snd_una"u8, out int unacknowledged) || !TryFind(btf, "copied_seq"u8, out int copied))
            return Errno.EBADMSG;

        fields = new TcpSockFields(write, unacknowledged, copied);
        return Errno.None;
    }

    private static bool TryFind(Btf btf, ReadOnlySpan<byte> name, out int offset)
    {
        Errno errno = btf.FindField("tcp_sock"u8, name, out BtfField field);
        offset = field.Offset;
        return errno == Errno.None && field.Size == sizeof(uint);
    }
}
