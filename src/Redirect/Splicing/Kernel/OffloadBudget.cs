namespace Sluice.Redirect.Splicing.Kernel;

/// <summary>The kernel memory that offloaded directions of all reactors may take together. Safe from any thread.</summary>
internal sealed class OffloadBudget(long bytes)
{
    private long _left = bytes;

    /// <summary>True when not even one more window may be had.</summary>
    internal bool IsShort(int window) => Interlocked.Read(ref _left) < window;

    internal bool TryTake(int window)
    {
        if (Interlocked.Add(ref _left, -window) >= 0)
            return true;

        Give(window);
        return false;
    }

    internal void Give(int window) => Interlocked.Add(ref _left, window);
}
