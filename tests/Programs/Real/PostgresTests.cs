using Sluice.Programs.Processes;

namespace Sluice.Programs.Real;

/// <summary>PostgreSQL with pgbench: a server that speaks when spoken to, many short statements, cancelled connections.</summary>
public sealed class PostgresTests
{
    [Theory(Timeout = 300_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PgbenchFinishesEveryTransaction(bool bypasses)
    {
        string pgbench = Installed.Require("pgbench"), psql = Installed.Require("psql");
        using var scratch = new Scratch();
        int port = Ports.Free();
        string upstream = $"127.0.0.1:{port}";
        await using Child postgres = await PostgresServer.StartAsync(scratch, port);
        await using SluiceProcess sluice = await SluiceProcess.StartAsync(upstream, bypasses);
        string[] through = ["-h", "127.0.0.1", "-p", $"{sluice.To(upstream).Port}", "-U", PostgresServer.User];

        await Child.RunAsync(pgbench, [.. through, "-i", "-s", "1", "postgres"]);
        string report = await Child.RunAsync(pgbench, [.. through, "-c", "8", "-j", "2", "-t", "200", "postgres"]);
        Assert.Contains("number of transactions actually processed: 1600/1600", report, StringComparison.Ordinal);
        Assert.Contains("number of failed transactions: 0", report, StringComparison.Ordinal);
        report = await Child.RunAsync(pgbench, [.. through, "-C", "-S", "-c", "4", "-t", "50", "postgres"]);
        Assert.Contains("number of transactions actually processed: 200/200", report, StringComparison.Ordinal);

        const string Digest = "select md5(string_agg(aid || ':' || abalance, ',' order by aid)) from pgbench_accounts";
        string direct = await Child.RunAsync(psql, ["-h", "127.0.0.1", "-p", $"{port}", "-U", PostgresServer.User, "-Atc", Digest, "postgres"]);
        Assert.Equal(direct, await Child.RunAsync(psql, [.. through, "-Atc", Digest, "postgres"]));
        if (bypasses)
            await sluice.AssertBypassedAsync(5_000);
    }
}
