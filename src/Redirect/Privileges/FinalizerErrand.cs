using System.Runtime.CompilerServices;

namespace Sluice.Redirect.Privileges;

/// <summary>Something for the runtime's finalizer thread to do, which there is no other way to reach.</summary>
internal sealed class FinalizerErrand
{
    private readonly Action _errand;

    private FinalizerErrand(Action errand) => _errand = errand;

    /// <summary>Does it, unless the collector finds the object in use.</summary>
    ~FinalizerErrand() => _errand();

    /// <summary>Returns when it has been done. It must not throw.</summary>
    public static void Run(Action errand)
    {
        Leave(errand);
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    // In a frame of its own: nothing refers to the object when the collector looks.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Leave(Action errand) => _ = new FinalizerErrand(errand);
}
