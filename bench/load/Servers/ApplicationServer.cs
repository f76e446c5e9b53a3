using System.Diagnostics;
using System.Net.Sockets;
using Sluice.Load.Kernel;
using Sluice.Load.Proxies;
using Sluice.Load.Traffic;

namespace Sluice.Load.Servers;

/// <summary>A real server behind the proxies, with its files in memory or a temporary directory, and nothing that waits for a disk.</summary>
internal static class ApplicationServer
{
    private const int PollMs = 10;
    private const string PostgresUser = "postgres";
    private static readonly TimeSpan GiveUp = TimeSpan.FromSeconds(30);

    /// <summary>Starts one and waits until it accepts connections.</summary>
    /// <exception cref="IOException">It ended, or did not accept one within 30 s; its output is in the message.</exception>
    public static ChildProcess Start(Service service, int port, string directory) =>
        service == Service.Redis ? StartRedis(port, directory) : StartPostgres(port, directory);

    private static ChildProcess StartRedis(int port, string directory) => Await("redis-server", port, new ChildProcess(
        Installed.Find("redis-server")!, ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"], directory));

    private static ChildProcess StartPostgres(int port, string parent)
    {
        string data = Directory.CreateDirectory(Path.Combine(parent, "postgres")).FullName;
        string[] user = [];
        if (Environment.IsPrivilegedProcess)
        {
            // It refuses to run as root; its package brings a user, who has to get at the directory.
            user = [Installed.Find("setpriv")!, "--reuid", PostgresUser, "--regid", PostgresUser, "--clear-groups"];
            ProgramOutput.Require("chmod", "711", parent);
            ProgramOutput.Require("chown", PostgresUser, data);
        }

        string[] initialise = [.. user, Installed.Find("initdb")!, "-D", data, "-U", PgBench.User, "-A", "trust", "--no-sync"];
        ProgramOutput.Require(initialise[0], initialise[1..]);
        string[] serve =
        [
            .. user, Installed.Find("postgres")!, "-D", data, "-p", $"{port}", "-k", "", "-c", "listen_addresses=127.0.0.1",
            "-c", "fsync=off", "-c", "synchronous_commit=off",
        ];
        ChildProcess postgres = Await("postgres", port, new ChildProcess(serve[0], serve[1..], data));
        PgBench.Initialise(port);
        return postgres;
    }

    private static ChildProcess Await(string program, int port, ChildProcess process)
    {
        using Epoll clock = new();
        while (!Accepts(port))
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(process.StartedAt) > GiveUp)
                throw new IOException($"{program} does not accept connections. It said:\n{process.LastWords}");
            clock.Wait(PollMs);
        }
        return process;
    }

    private static bool Accepts(int port)
    {
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
