using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Tests.Compilation.Kernel;

/// <summary>Runs something on a thread of its own that has only some capabilities; those of a thread end with it.</summary>
internal static class FewerRights
{
    private const int Version3 = 0x20080522;

    public static void With(IEnumerable<Capability> kept, Action action)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Keep(kept);
                action();
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    // capset(2): the effective sets of the lower and the upper 32 capabilities, with the permitted and inheritable ones between.
    private static void Keep(IEnumerable<Capability> kept)
    {
        ulong set = kept.Aggregate(0UL, (bits, capability) => bits | (1UL << (int)capability));
        uint[] data = [(uint)set, (uint)set, 0, (uint)(set >> 32), (uint)(set >> 32), 0];
        Assert.Equal(0, capset([Version3, 0], data));
    }

    [DllImport("libc")]
    private static extern int capset(int[] header, uint[] data);
}
