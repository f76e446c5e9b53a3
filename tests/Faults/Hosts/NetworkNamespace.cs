using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Sluice.Faults.Hosts;

/// <summary>A network namespace of ip-netns(8). A socket belongs to the one it was made in, whoever uses it later.</summary>
internal sealed record NetworkNamespace(string Name)
{
    private const int CloneNewNet = 0x4000_0000;

    /// <summary>The words before a command that runs in it.</summary>
    public string[] Exec => ["ip", "netns", "exec", Name];

    /// <summary>Makes something in it, on a thread that ends with it.</summary>
    public T Make<T>(Func<T> make)
    {
        T? made = default;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                using var file = File.OpenHandle($"/run/netns/{Name}", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                if (setns((int)file.DangerousGetHandle(), CloneNewNet) != 0)
                    throw new InvalidOperationException($"setns failed: {Marshal.GetLastPInvokeErrorMessage()}");
                made = make();
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return made!;
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int setns(int fd, int kind);
}
