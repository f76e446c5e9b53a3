using Sluice.Programs.Processes;

namespace Sluice.Programs.Real;

/// <summary>PostgreSQL with pgbench: a server that speaks when spoken to, many short statements, cancelled connections.</summary>
public sealed class PostgresTests
{
    [Fact(Timeout = 300_000)]
    public async Task PgbenchFinishesEveryTransaction()
    {
        string pgbench = Installed.Require("pgbench"), psql = Installed.Require("psql");
        using var scratch = new Scratch();
        int port = Ports.Free();
        string upstream = $"127.0.0.1:{port}";
        await using Child postgres = await StartAsync(scratch, port);
        await using SluiceProcess sluice = await SluiceProcess.StartAsync([upstream]);
        string[] through = ["-h", "127.0.0.1", "-p", $"{sluice.To(upstream).Port}", "-U", "bench"];

        await RunAsync(pgbench, [.. through, "-i", "-s", "1", "postgres"]);
        string report = await RunAsync(pgbench, [.. through, "-c", "8", "-j", "2", "-t", "200", "postgres"]);
        Assert.Contains("number of transactions actually processed: 1600/1600", report, StringComparison.Ordinal);
        Assert.Contains("number of failed transactions: 0", report, StringComparison.Ordinal);
        report = await RunAsync(pgbench, [.. through, "-C", "-S", "-c", "4", "-t", "50", "postgres"]);
        Assert.Contains("number of transactions actually processed: 200/200", report, StringComparison.Ordinal);

        const string Digest = "select md5(string_agg(aid || ':' || abalance, ',' order by aid)) from pgbench_accounts";
        string direct = await RunAsync(psql, ["-h", "127.0.0.1", "-p", $"{port}", "-U", "bench", "-Atc", Digest, "postgres"]);
        Assert.Equal(direct, await RunAsync(psql, [.. through, "-Atc", Digest, "postgres"]));
    }

    private static async Task<Child> StartAsync(Scratch scratch, int port)
    {
        string data = scratch.File("data");
        string initialise = $"{Installed.Require("initdb")} -D {data} -U bench -A trust --no-sync";
        string serve = $"{Installed.Require("postgres")} -D {data} -p {port} -k {scratch.Root} -c listen_addresses=127.0.0.1 -c fsync=off";
        if (Environment.UserName == "root")
        {
            // PostgreSQL refuses to run as root; its package brings a user.
            await RunAsync("/bin/chown", ["postgres", scratch.Root]);
            await RunAsync("/sbin/runuser", ["-u", "postgres", "--", .. initialise.Split(' ')]);
            serve = $"/sbin/runuser -u postgres -- {serve}";
        }
        else
        {
            string[] words = initialise.Split(' ');
            await RunAsync(words[0], words[1..]);
        }

        string[] command = serve.Split(' ');
        var postgres = new Child(command[0], command[1..]);
        await postgres.UntilAsync(() => postgres.Output.Contains("ready to accept connections", StringComparison.Ordinal), "accepting connections");
        return postgres;
    }

    private static async Task<string> RunAsync(string program, string[] arguments)
    {
        await using var child = new Child(program, arguments);
        return await child.SucceedAsync();
    }
}
