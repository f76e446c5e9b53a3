using Sluice.Redirect.Compilation.Kernel;
using Sluice.Redirect.Linux;
using Sluice.Redirect.Splicing.Kernel;

namespace Sluice.Redirect.Splicing.Bypass;

/// <summary>
/// What reactors share whose connections may go past the proxy: the options, the counters, and where this kernel has the fields that the
/// programs read. Each reactor makes its own maps when it first needs them. Safe from any thread.
/// </summary>
public sealed class BypassEngine : IDisposable
{
    private BypassEngine(BypassOptions options, BypassFields fields) => (Options, Fields) = (options, fields);

    /// <summary>As given.</summary>
    public BypassOptions Options { get; }

    /// <summary>What became of the connections that were offered.</summary>
    public OffloadCounters Counters { get; } = new();

    /// <summary>What became of the messages of promoted directions, as far as their connections have ended or were looked at.</summary>
    public MessageCounters Messages { get; } = new();

    internal BypassFields Fields { get; }

    /// <summary>The verdict programs that run where applications send.</summary>
    internal KernelPlans Plans { get; } = new(BpfBackend.CompileForSends);

    /// <summary>
    /// How often a rule of the program for the bytes of one side decided where they were sent, or matched as a shadow, for connections of
    /// these maps; the number of rules stands for <c>otherwise</c>. 0 for a program that does not run there.
    /// </summary>
    public long CountOf(SpliceMaps maps, Direction side, int rule) => Plans.CountOf(maps, side, rule);

    /// <summary>Gives the maps of plans back.</summary>
    public void Dispose() => Plans.Dispose();

    /// <summary>
    /// Reads the kernel's description of its structures, which takes some milliseconds. ENOENT: this kernel has none; EBADMSG: it
    /// is malformed or lacks something. Rights are asked for when maps are made, and not here.
    /// </summary>
    public static Errno TryCreate(BypassOptions options, out BypassEngine? engine)
    {
        engine = null;
        Errno errno = Btf.Read(Btf.KernelPath, out Btf? btf);
        if (errno != Errno.None)
            return errno;

        using (btf)
        {
            errno = BypassFields.Find(btf!, out BypassFields? fields);
            if (errno == Errno.None)
                engine = new BypassEngine(options, fields!);
            return errno;
        }
    }

    /// <summary>Another engine for the same kernel, with counters of its own.</summary>
    internal BypassEngine With(BypassOptions options) => new(options, Fields);
}
