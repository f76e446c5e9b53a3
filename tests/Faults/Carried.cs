using System.Net.Sockets;
using Sluice.Functional.Wire;
using Sluice.Oracle.Ways;
using Sluice.Programs.Processes;

namespace Sluice.Faults;

/// <summary>Whether a test was about the path it is named for: a stream that never lets the proxy rest stays in user space.</summary>
internal static class Carried
{
    /// <summary>
    /// Talks with a byte each way at a time until the kernel's path has both directions of every connection there is; does nothing with
    /// <c>offload: off</c>.
    /// </summary>
    /// <param name="sluice">The daemon.</param>
    /// <param name="offload">Its runtime.offload, which is what the path is called as well.</param>
    /// <param name="sockets">The client's and the server's socket of each connection in turn; the client's twice where the server echoes.</param>
    public static async Task SpeakAsync(SluiceProcess sluice, string offload, params IReadOnlyList<Socket> sockets)
    {
        while (offload != "off" && (await sluice.ConnectionsAsync()).GetProperty("connections").EnumerateArray().Any(one =>
            one.GetProperty("path_from_client").GetString() != offload || one.GetProperty("path_from_upstream").GetString() != offload))
        {
            for (int at = 0; at < sockets.Count; at++)
            {
                await sockets[at].SendAllAsync(new byte[1]);
                await sockets[at ^ 1].ReceiveExactlyAsync(1).OrHung("a word");
            }
        }
    }

    /// <summary>Fails where a daemon with <c>offload: sockmap</c> has given no direction to the kernel; says nothing of others.</summary>
    public static async Task AssertAsync(SluiceProcess sluice, string offload)
    {
        double promotions = new Measured("sluice_offload_promotions_total", "").In(await sluice.MetricsAsync());
        Assert.True(offload != "sockmap" || promotions > 0, "the kernel has carried nothing");
    }
}
