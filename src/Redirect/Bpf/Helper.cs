namespace Sluice.Redirect.Bpf;

/// <summary>Functions of the kernel that programs call by a fixed number: BPF_FUNC_ of uapi/linux/bpf.h; bpf-helpers(7) says what they take and return.</summary>
public enum Helper
{
    /// <summary>Address of the value under a key, or null.</summary>
    MapLookupElem = 1,
    /// <summary>Puts a value under a key.</summary>
    MapUpdateElem = 2,
    /// <summary>Removes a key.</summary>
    MapDeleteElem = 3,
    /// <summary>Nanoseconds since the machine started, without the time it slept.</summary>
    KtimeGetNs = 5,
    /// <summary>The CPU the program runs on.</summary>
    GetSmpProcessorId = 8,
    /// <summary>Overwrites bytes of an skb.</summary>
    SkbStoreBytes = 9,
    /// <summary>Copies bytes of an skb to the stack.</summary>
    SkbLoadBytes = 26,
    /// <summary>Cuts or extends an skb at its end.</summary>
    SkbChangeTail = 38,
    /// <summary>Makes the first bytes of an skb readable in place.</summary>
    SkbPullData = 39,
    /// <summary>Makes room before an skb.</summary>
    SkbChangeHead = 43,
    /// <summary>SO_COOKIE of the socket.</summary>
    GetSocketCookie = 46,
    /// <summary>Takes bytes from the head of an skb, or adds some.</summary>
    SkbAdjustRoom = 50,
    /// <summary>Redirects an skb to a socket of a sockmap.</summary>
    SkRedirectMap = 52,
    /// <summary>Redirects a message to a socket of a sockmap.</summary>
    MsgRedirectMap = 60,
    /// <summary>The verdict stands for so many bytes.</summary>
    MsgApplyBytes = 61,
    /// <summary>No verdict before so many bytes.</summary>
    MsgCorkBytes = 62,
    /// <summary>Makes bytes of a message readable in place.</summary>
    MsgPullData = 63,
    /// <summary>Redirects a message to a socket of a sockhash.</summary>
    MsgRedirectHash = 71,
    /// <summary>Redirects an skb to a socket of a sockhash.</summary>
    SkRedirectHash = 72,
    /// <summary>Finds a TCP socket by its 4-tuple; it must be released.</summary>
    SkLookupTcp = 84,
    /// <summary>Releases a socket that was found.</summary>
    SkRelease = 86,
    /// <summary>Inserts bytes into a message.</summary>
    MsgPushData = 90,
    /// <summary>Removes bytes from a message.</summary>
    MsgPopData = 91,
    /// <summary>Takes the lock of a map's value.</summary>
    SpinLock = 93,
    /// <summary>Releases the lock of a map's value.</summary>
    SpinUnlock = 94,
    /// <summary>A socket with all its fields, or null.</summary>
    SkFullsock = 95,
    /// <summary>A socket's struct bpf_tcp_sock, or null.</summary>
    TcpSock = 96,
    /// <summary>Finds a TCP socket, also one that is not established; it must be released.</summary>
    SkcLookupTcp = 99,
    /// <summary>A socket's value in a map of socket storage.</summary>
    SkStorageGet = 107,
    /// <summary>Removes that value.</summary>
    SkStorageDelete = 108,
    /// <summary>Copies kernel memory to the stack.</summary>
    ProbeReadKernel = 113,
    /// <summary>The kernel's clock ticks.</summary>
    Jiffies64 = 118,
    /// <summary>The cookie of the network namespace.</summary>
    GetNetnsCookie = 122,
    /// <summary>Copies a record into a ring buffer.</summary>
    RingbufOutput = 130,
    /// <summary>Reserves a record of a ring buffer, or null.</summary>
    RingbufReserve = 131,
    /// <summary>Hands a reserved record over.</summary>
    RingbufSubmit = 132,
    /// <summary>Gives a reserved record up.</summary>
    RingbufDiscard = 133,
    /// <summary>How full a ring buffer is.</summary>
    RingbufQuery = 134,
    /// <summary>The kernel's own struct tcp6_sock of a socket, or null. Takes BTF.</summary>
    SkcToTcp6Sock = 136,
    /// <summary>The kernel's own struct tcp_sock of a socket, or null. Takes BTF.</summary>
    SkcToTcpSock = 137,
    /// <summary>The time of the last clock tick in nanoseconds.</summary>
    KtimeGetCoarseNs = 160,
}
