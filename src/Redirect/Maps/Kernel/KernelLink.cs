using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Maps.Kernel;

/// <summary>A bpf_link on a slot of a sockmap or sockhash.</summary>
internal sealed class KernelLink(BpfLink link) : IMapLink<KernelProgram>
{
    /// <inheritdoc/>
    public Errno Replace(KernelProgram program, KernelProgram? expected = null) => link.Update(program.Program, expected?.Program);

    /// <inheritdoc/>
    public void Dispose() => link.Dispose();
}
