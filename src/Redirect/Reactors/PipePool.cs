using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Reactors;

/// <summary>
/// Kernel pipes for splicing, at most <see cref="Limit"/> at a time on a reactor, each with two descriptors. Idle ones are
/// kept for the next stream. Belongs to the reactor's thread.
/// </summary>
internal sealed class PipePool : IDisposable
{
    /// <summary>Streams that splice at the same time; more copy.</summary>
    internal const int Limit = 64;

    private const int PipeSize = 1024 * 1024;
    private const int KeptIdle = 8;
    private readonly Stack<KernelPipe> _idle = new();

    /// <summary>Pipes in use.</summary>
    internal int Rented { get; private set; }

    /// <summary>An empty pipe, or null when the limit is reached or no descriptor is left.</summary>
    internal KernelPipe? TryRent()
    {
        if (Rented == Limit || (_idle.Count > 0 ? _idle.Pop() : KernelPipe.TryCreate(PipeSize)) is not { } pipe)
            return null;

        Rented++;
        return pipe;
    }

    /// <summary>Takes a pipe back; one that still holds bytes is closed, for those belong to nobody else.</summary>
    internal void Return(KernelPipe pipe)
    {
        Rented--;
        if (pipe.Held == 0 && _idle.Count < KeptIdle)
            _idle.Push(pipe);
        else
            pipe.Dispose();
    }

    public void Dispose()
    {
        while (_idle.TryPop(out KernelPipe? pipe))
            pipe.Dispose();
    }
}
