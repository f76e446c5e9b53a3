namespace Sluice.Redirect.Reactors;

/// <summary>
/// Stands between a socket that lies in the kernel's sockmap and whoever moves its bytes in user space: the kernel may have
/// moved bytes of the same streams. Called on the reactor's thread.
/// </summary>
internal interface ISockMapGuard
{
    /// <summary>
    /// True where a verdict program sees what arrives: splice(2) then finds none of it, and less than was asked for does not mean that the
    /// socket is empty.
    /// </summary>
    bool HidesBytes { get; }

    /// <summary>
    /// Bytes redirected to the socket that its TCP has not taken yet: what is sent now would overtake them, and a close would drop them.
    /// </summary>
    int Waiting { get; }

    /// <summary>False while the kernel has bytes to send before; <see cref="StreamSocket.ResumeSending"/> is called when it has sent them.</summary>
    bool MaySend();

    /// <summary>
    /// True where a send that failed so was only refused for want of memory: nothing was taken, and
    /// <see cref="StreamSocket.ResumeSending"/> is called when it is worth another try.
    /// </summary>
    bool WaitsForMemory(Errno errno);

    /// <summary>The socket took bytes.</summary>
    void Sent(nint count);

    /// <summary>Bytes that a verdict program has passed were received.</summary>
    void Received(nint count);

    /// <summary>
    /// What it means that a receive found nothing (0) or the end (<see cref="StreamSocket.EndOfStream"/>): one of the two, or minus
    /// an errno. An end that is not proven yet is nothing, and is looked for again by <see cref="StreamSocket.RetryReceive"/>.
    /// </summary>
    nint NothingReceived(nint result);
}
