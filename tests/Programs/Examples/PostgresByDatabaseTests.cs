using Sluice.Programs.Processes;
using Sluice.Programs.Real;

namespace Sluice.Programs.Examples;

/// <summary>postgres-by-database.yaml with two PostgreSQL servers and psql.</summary>
public sealed class PostgresByDatabaseTests
{
    [Fact(Timeout = 300_000)]
    public async Task TheDatabaseChoosesTheServer()
    {
        string psql = Installed.Require("psql"), createdb = Installed.Require("createdb");
        using Scratch mainFiles = new(), otherFiles = new();
        (int main, int other, int port) = (Ports.Free(), Ports.Free(), Ports.Free());
        await using Child mainServer = await PostgresServer.StartAsync(mainFiles, main), otherServer = await PostgresServer.StartAsync(otherFiles, other);
        foreach ((int server, string database) in ((int, string)[])[(main, "reports"), (other, "reports"), (other, "archive_2024"), (main, "reports2")])
            await Child.RunAsync(createdb, "-h", "127.0.0.1", "-p", $"{server}", "-U", PostgresServer.User, database);

        await using SluiceProcess sluice = await SluiceProcess.StartExampleAsync(
            "postgres-by-database.yaml",
            ("POSTGRES_LISTEN", $"127.0.0.1:{port}"),
            ("MAIN_ENDPOINT", $"127.0.0.1:{main}"),
            ("REPORTS_ENDPOINT", $"127.0.0.1:{other}"),
            ("ARCHIVE_ENDPOINT", $"127.0.0.1:{other}"));
        async Task<int> ServerOfAsync(string database, string more = "sslmode=disable") => int.Parse(
            await Child.RunAsync(psql, "-Atc", "show port", $"host=127.0.0.1 port={port} user={PostgresServer.User} gssencmode=disable dbname={database} {more}"),
            System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(main, await ServerOfAsync("postgres"));
        Assert.Equal(other, await ServerOfAsync("reports"));
        Assert.Equal(other, await ServerOfAsync("archive_2024"));
        Assert.Equal(main, await ServerOfAsync("reports2"));
        Assert.Equal(main, await ServerOfAsync("postgres", "sslmode=disable application_name=reports"));
        // As the example says: one that asks for TLS has not named its database yet.
        Assert.Equal(main, await ServerOfAsync("reports", "sslmode=prefer"));
        await sluice.LoggedAsync("-> postgres -> reports (reports)", ": completed");
        await sluice.LoggedAsync("-> postgres -> archive (archive)", ": completed");
        await sluice.LoggedAsync($"-> postgres -> main 127.0.0.1:{main}", ": completed");
    }
}
