using Sluice.Redirect.Bpf;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Maps.Kernel;

/// <summary>
/// A program that the kernel has verified and holds. Where it is attached, and in sockets that have inherited it, it stays when
/// this is disposed. Safe from any thread.
/// </summary>
internal sealed class KernelProgram : IDisposable
{
    private KernelProgram(BpfProgram program)
    {
        Program = program;
    }

    /// <summary>What bpf(2) knows it by.</summary>
    internal BpfProgram Program { get; }

    /// <summary>A program for a slot: sk_msg for what is sent, sk_skb for the others. Results as of the other overload.</summary>
    internal static Errno Load(
        ProgramImage image, AttachType slot, string name, IReadOnlyDictionary<string, BpfMap> maps, out KernelProgram? program) =>
        Load(image, slot == AttachType.SkMsgVerdict ? BpfProgramType.SkMsg : BpfProgramType.SkSkb, (uint)slot, name, maps, out program);

    /// <summary>
    /// Loads an image with the maps that it names. EPERM: no rights; ENOMEM, EINVAL and others without a word of the verifier.
    /// Throws <see cref="VerifierException"/> where the verifier refuses it: a defect of whoever wrote it, or a kernel that lacks
    /// something it uses.
    /// </summary>
    internal static Errno Load(
        ProgramImage image,
        BpfProgramType type,
        uint expectedAttachType,
        string name,
        IReadOnlyDictionary<string, BpfMap> maps,
        out KernelProgram? program)
    {
        ulong[] instructions = image.Resolve(map => maps[map].Fd);
        Errno errno = BpfProgram.Load(type, name, instructions, expectedAttachType, out BpfProgram? loaded, out string log);
        GC.KeepAlive(maps); // their descriptors are numbers in the instructions until here
        if (log.Length > 0)
            throw new VerifierException(name, errno, image, log);

        program = loaded is null ? null : new KernelProgram(loaded);
        return errno;
    }

    /// <summary>Gives up this reference to it.</summary>
    public void Dispose() => Program.Dispose();
}
