using System.Globalization;
using System.Text.RegularExpressions;
using Sluice.Load.Proxies;
using Sluice.Load.Servers;

namespace Sluice.Load.Traffic;

/// <summary>pgbench, its own transactions or others of its own by <paramref name="options"/>. It measures whole seconds.</summary>
internal sealed partial class PgBench(int port, int clients, params string[] options) : ITraffic
{
    /// <summary>The server's super user.</summary>
    public const string User = "bench";

    // More branches than clients: transactions that write one row would wait for each other, not for the proxy.
    private const int Scale = 20;

    /// <summary>Fills the tables of the server at <paramref name="port"/>.</summary>
    public static void Initialise(int port) =>
        ProgramOutput.Require(Program, "--initialize", "--quiet", "--scale", $"{Scale}", "-h", "127.0.0.1", "-p", $"{port}", "-U", User, "postgres");

    public Sample Run(TimeSpan duration)
    {
        int seconds = Math.Max(1, (int)Math.Round(duration.TotalSeconds));
        string output = ProgramOutput.Require(
            Program,
            [
                .. options, "--no-vacuum", "--client", $"{clients}", "--jobs", "1", "--time", $"{seconds}",
                "-h", "127.0.0.1", "-p", $"{port}", "-U", User, "postgres",
            ]);
        long transactions = long.Parse(Processed().Match(output).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        double rate = double.Parse(Rate().Match(output).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        ErrorLog errors = new();
        if (long.Parse(Failed().Match(output).Groups[1].ValueSpan, CultureInfo.InvariantCulture) is > 0 and var failed)
            errors.Add($"{failed} transactions failed");
        return new Sample(TimeSpan.FromSeconds(transactions / rate), transactions, 0, null, errors);
    }

    public void Dispose()
    {
    }

    private static string Program => Installed.Find("pgbench")!;

    [GeneratedRegex("transactions actually processed: ([0-9]+)")]
    private static partial Regex Processed();

    [GeneratedRegex("tps = ([0-9.]+) ")]
    private static partial Regex Rate();

    [GeneratedRegex("failed transactions: ([0-9]+)")]
    private static partial Regex Failed();
}
