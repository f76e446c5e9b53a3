using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Splicing.Bypass;

/// <summary>What the programs read of the running kernel's structures, and how it is called there.</summary>
internal sealed class BypassFields
{
    // Each is of a struct tcp_sock, which begins with struct sock, unless it says otherwise.
    private static readonly (BypassField Field, string Struct, string Path)[] Paths =
    [
        (BypassField.WriteSequence, "tcp_sock", "write_seq"),
        (BypassField.CopiedSequence, "tcp_sock", "copied_seq"),
        (BypassField.NextSequence, "tcp_sock", "rcv_nxt"),
        (BypassField.Unacknowledged, "tcp_sock", "snd_una"),
        (BypassField.UpperLayer, "tcp_sock", "inet_conn.icsk_ulp_ops"),
        (BypassField.State, "sock", "__sk_common.skc_state"),
        (BypassField.Cookie, "sock", "__sk_common.skc_cookie.counter"),
        (BypassField.Flags, "sock", "__sk_common.skc_flags"),
        (BypassField.Protocol, "sock", "__sk_common.skc_prot"),
        (BypassField.Error, "sock", "sk_err"),
        (BypassField.Shutdown, "sock", "sk_shutdown"),
        (BypassField.SendMemory, "sock", "sk_wmem_queued"),
        (BypassField.SendBuffer, "sock", "sk_sndbuf"),
        (BypassField.ReceiveLowWater, "sock", "sk_rcvlowat"),
        (BypassField.TimestampFlags, "sock", "sk_tsflags"),
        (BypassField.UserData, "sock", "sk_user_data"),
        (BypassField.SendProgram, "sk_psock", "progs.msg_parser"),
        (BypassField.FirstUnread, "sk_psock", "ingress_msg.next"),
        (BypassField.ReceiveMemory, "sock", "sk_backlog.rmem_alloc.counter"),
        (BypassField.Socket, "sock", "sk_socket"),
        (BypassField.SocketFile, "socket", "file"),
        (BypassField.FileFlags, "file", "f_flags"),
        (BypassField.MemoryPressure, "proto", "memory_pressure"),
    ];

    private readonly BtfField[] _fields = new BtfField[Paths.Length];

    private BypassFields()
    {
    }

    /// <summary>The id of struct tcp_sock.</summary>
    internal int TcpSock { get; private init; }

    /// <summary>The id of struct sk_psock.</summary>
    internal int Psock { get; private init; }

    /// <summary>The id of bpf_rdonly_cast, which makes an address readable as a structure. Linux 6.2.</summary>
    internal int ReadOnlyCast { get; private init; }

    /// <summary>SOCK_ZEROCOPY: its bit in <see cref="BypassField.Flags"/>.</summary>
    internal int ZeroCopyBit { get; private init; }

    /// <summary>A field's place and size.</summary>
    internal BtfField this[BypassField field] => _fields[(int)field];

    /// <summary>Looks all of them up. EBADMSG: there is one that this kernel does not have, or not as a number.</summary>
    internal static Errno Find(Btf btf, out BypassFields? fields)
    {
        fields = null;
        if (btf.FindEnumerator("sock_flags"u8, "SOCK_ZEROCOPY"u8, out int zeroCopy) != Errno.None)
            return Errno.EBADMSG;

        var found = new BypassFields
        {
            TcpSock = btf.Find(BtfKind.Struct, "tcp_sock"u8),
            Psock = btf.Find(BtfKind.Struct, "sk_psock"u8),
            ReadOnlyCast = btf.Find(BtfKind.Func, "bpf_rdonly_cast"u8),
            ZeroCopyBit = zeroCopy,
        };
        bool hasAll = found.TcpSock != 0 && found.Psock != 0 && found.ReadOnlyCast != 0;
        foreach ((BypassField field, string owner, string path) in Paths)
            hasAll &= btf.FindField(Utf8(owner), Utf8(path), out found._fields[(int)field]) == Errno.None && found[field].Size is 1 or 2 or 4 or 8;
        if (hasAll)
            fields = found;
        return hasAll ? Errno.None : Errno.EBADMSG;
    }

    private static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
