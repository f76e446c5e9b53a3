using Sluice.Programs.Processes;

namespace Sluice.Programs.Real;

/// <summary>A PostgreSQL server of the test's own, with the super user <see cref="User"/>.</summary>
internal static class PostgresServer
{
    public const string User = "bench";

    /// <summary>Starts one whose files are in the directory, and waits until it accepts connections.</summary>
    public static async Task<Child> StartAsync(Scratch scratch, int port)
    {
        string data = scratch.File("data");
        string initialise = $"{Installed.Require("initdb")} -D {data} -U {User} -A trust --no-sync";
        string serve = $"{Installed.Require("postgres")} -D {data} -p {port} -k {scratch.Root} -c listen_addresses=127.0.0.1 -c fsync=off";
        if (Environment.UserName == "root")
        {
            // PostgreSQL refuses to run as root; its package brings a user.
            await Child.RunAsync("/bin/chown", "postgres", scratch.Root);
            await Child.RunAsync("/sbin/runuser", ["-u", "postgres", "--", .. initialise.Split(' ')]);
            serve = $"/sbin/runuser -u postgres -- {serve}";
        }
        else
        {
            string[] words = initialise.Split(' ');
            await Child.RunAsync(words[0], words[1..]);
        }

        string[] command = serve.Split(' ');
        var postgres = new Child(command[0], command[1..]);
        await postgres.UntilAsync(() => postgres.Output.Contains("ready to accept connections", StringComparison.Ordinal), "accepting connections");
        return postgres;
    }
}
