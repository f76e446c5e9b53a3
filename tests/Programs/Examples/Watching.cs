using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.Functional.Wire;
using Sluice.Programs.Processes;

namespace Sluice.Programs.Examples;

/// <summary>What the daemon tells of its rules and connections, waited for.</summary>
internal static class Watching
{
    /// <summary>Waits until sluice.rule.verdicts has this value for the rule; a scrape may be answered from one of a moment ago.</summary>
    public static async Task CountedAsync(this SluiceProcess sluice, string rule, long expected, bool shadow = false)
    {
        string word = shadow ? "true" : "false";
        var value = new Regex($$"""sluice_rule_verdicts_total\{(?=[^}]*rule="{{rule}}")(?=[^}]*shadow="{{word}}")[^}]*\} (\d+)""");
        long counted = -1;
        try
        {
            await PollAsync(async () =>
            {
                Match match = value.Match(await sluice.MetricsAsync());
                Assert.True(match.Success, $"no verdicts of {rule} in the metrics");
                counted = long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
                return counted >= expected;
            });
        }
        catch (OperationCanceledException)
        {
            // Told below.
        }

        Assert.True(counted == expected, $"{rule} was counted {counted} times, not {expected}:\n{sluice.Log}");
    }

    /// <summary>Waits until /connections has so many, and gives them.</summary>
    public static async Task<JsonElement[]> ConnectionsAsync(this SluiceProcess sluice, Func<JsonElement[], bool> condition)
    {
        JsonElement[] connections = [];
        await PollAsync(async () =>
        {
            JsonElement answer = await sluice.ConnectionsAsync();
            connections = [.. answer.GetProperty("connections").EnumerateArray()];
            return condition(connections);
        });
        return connections;
    }

    public static IPEndPoint Loopback(int port) => new(IPAddress.Loopback, port);

    private static async Task PollAsync(Func<Task<bool>> condition)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var hung = CancellationTokenSource.CreateLinkedTokenSource(Deadline.Token);
        hung.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await condition())
            await tick.WaitForNextTickAsync(hung.Token);
    }
}
