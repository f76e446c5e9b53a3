namespace Sluice.Redirect.Linux;

/// <summary>A program the kernel has verified. It lives on where it is attached when this is disposed. Any thread may call it.</summary>
internal sealed unsafe class BpfProgram : BpfHandle
{
    private BpfProgram(int fd)
        : base(fd)
    {
    }

    /// <summary>
    /// Loads a program under the licence "GPL". EPERM without rights; EINVAL, EACCES and others where the verifier refuses, and
    /// then <paramref name="log"/> holds what it had to say.
    /// </summary>
    /// <param name="type">The kind of program.</param>
    /// <param name="name">What bpftool shows, see <see cref="BpfName"/>.</param>
    /// <param name="instructions">Instructions of 8 bytes, descriptors of maps filled in.</param>
    /// <param name="expectedAttachType">enum bpf_attach_type where the type asks for it, else 0.</param>
    /// <param name="program">The program, or null on failure.</param>
    /// <param name="log">The verifier's log after a refusal, else empty.</param>
    internal static Errno Load(
        BpfProgramType type, string name, ReadOnlySpan<ulong> instructions, uint expectedAttachType, out BpfProgram? program, out string log)
    {
        fixed (ulong* code = instructions)
        fixed (byte* license = "GPL\0"u8)
        {
            ProgramLoadAttributes attributes = new()
            {
                Type = type,
                InstructionCount = (uint)instructions.Length,
                Instructions = (ulong)code,
                License = (ulong)license,
                Name = BpfName.From(name),
                ExpectedAttachType = expectedAttachType,
            };
            int fd = BpfSyscall.CallAgain(BpfCommand.ProgramLoad, ref attributes);
            program = fd < 0 ? null : new BpfProgram(fd);
            log = fd < 0 ? VerifierLog.Ask(attributes) : "";
            return BpfSyscall.ErrnoOf(fd);
        }
    }

    /// <summary>
    /// Runs a SCHED_CLS program once on a packet of at least 14 bytes (an Ethernet header), which it may read but whose changes
    /// are not seen here; <paramref name="result"/> is what it returned. The call takes a few microseconds.
    /// </summary>
    internal Errno TestRun(ReadOnlySpan<byte> packet, out uint result)
    {
        using Lease lease = Borrow();
        fixed (byte* data = packet)
        {
            TestRunAttributes attributes = new() { ProgramFd = lease.Fd, DataIn = (ulong)data, DataSizeIn = (uint)packet.Length, Repeat = 1 };
            int error = BpfSyscall.CallAgain(BpfCommand.ProgramTestRun, ref attributes);
            result = attributes.ReturnValue;
            return BpfSyscall.ErrnoOf(error);
        }
    }

    /// <summary>What the kernel says of it.</summary>
    internal Errno GetInfo(out BpfProgramInfo info) => BpfInfo.Read(this, out info);
}
