namespace Sluice.Redirect.Linux;

/// <summary>
/// A bpf_link: an attachment that nobody else can replace and that ends when this is disposed. For sockmaps since Linux 6.10;
/// older kernels answer EINVAL.
/// </summary>
internal sealed class BpfLink : BpfHandle
{
    private const uint Replace = 4; // BPF_F_REPLACE

    private BpfLink(int fd)
        : base(fd)
    {
    }

    /// <summary>Attaches a program to a slot of a sockmap or sockhash. EBUSY: the slot is taken.</summary>
    internal static Errno Create(BpfMap map, BpfProgram program, uint attachType, out BpfLink? link)
    {
        using BpfHandle.Lease mapLease = map.Borrow();
        using BpfHandle.Lease programLease = program.Borrow();
        LinkCreateAttributes attributes = new() { ProgramFd = programLease.Fd, MapFd = mapLease.Fd, AttachType = attachType };
        int fd = BpfSyscall.Call(BpfCommand.LinkCreate, ref attributes);
        link = fd < 0 ? null : new BpfLink(fd);
        return BpfSyscall.ErrnoOf(fd);
    }

    /// <summary>Puts another program in its place. Where <paramref name="expected"/> is given and another is there: EPERM.</summary>
    internal Errno Update(BpfProgram program, BpfProgram? expected = null)
    {
        using Lease lease = Borrow();
        using Lease programLease = program.Borrow();
        LinkUpdateAttributes attributes = new() { LinkFd = lease.Fd, NewProgramFd = programLease.Fd };
        if (expected is null)
            return BpfSyscall.ErrnoOf(BpfSyscall.Call(BpfCommand.LinkUpdate, ref attributes));

        using Lease expectedLease = expected.Borrow();
        (attributes.Flags, attributes.OldProgramFd) = (Replace, expectedLease.Fd);
        return BpfSyscall.ErrnoOf(BpfSyscall.Call(BpfCommand.LinkUpdate, ref attributes));
    }
}
