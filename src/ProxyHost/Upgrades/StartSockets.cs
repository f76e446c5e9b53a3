using Sluice.Redirect;
using Sluice.Redirect.Transports;

namespace Sluice.ProxyHost.Upgrades;

/// <summary>The listening sockets that a daemon begins with, and the daemon it has them from.</summary>
/// <param name="Inherited">By their addresses.</param>
/// <param name="Predecessor">Goes on until it is told that this one is ready; null: there is none.</param>
internal sealed record StartSockets(InheritedSockets Inherited, Predecessor? Predecessor) : IDisposable
{
    private const int FirstDescriptor = 3; // sd_listen_fds(3)

    /// <summary>Nothing is inherited.</summary>
    public static StartSockets None => new(new InheritedSockets(), null);

    /// <summary>Those of socket activation (LISTEN_FDS, for this process only), and those of the daemon behind the upgrade socket.</summary>
    public static StartSockets Gather(Configuration.RuntimeConfig config, Func<string, string?> environment)
    {
        var inherited = new InheritedSockets();
        if (int.TryParse(environment("LISTEN_PID"), out int pid) && pid == Environment.ProcessId && int.TryParse(environment("LISTEN_FDS"), out int count))
        {
            string[] names = environment("LISTEN_FDNAMES")?.Split(':') ?? [];
            for (int i = 0; i < count; i++)
            {
                if (inherited.Add(FirstDescriptor + i) is not Errno.None and var errno)
                    Console.Error.WriteLine($"sluice: socket {(i < names.Length ? names[i] : "")} ({FirstDescriptor + i}) of LISTEN_FDS is not used: {errno}");
            }
        }

        return new StartSockets(inherited, config.UpgradeSocket is { } socket ? Predecessor.Find(socket.EndPoint, inherited) : null);
    }

    public void Dispose()
    {
        Inherited.Dispose();
        Predecessor?.Dispose();
    }
}
