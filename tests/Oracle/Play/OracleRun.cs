using System.Collections.Concurrent;
using System.Net.Sockets;
using Sluice.Functional.Scenarios;
using Sluice.Oracle.Ways;

namespace Sluice.Oracle.Play;

/// <summary>Plays each scenario directly and over every way, many at a time, and compares what both ends saw.</summary>
internal sealed class OracleRun(Venue venue, IReadOnlyList<Way> ways, int atATime = 32)
{
    private readonly ConcurrentQueue<Difference> _differences = new();
    private long _connections;
    private long _bytes;

    /// <summary>Whatever a way did that a direct connection does not.</summary>
    public IReadOnlyCollection<Difference> Differences => _differences;

    /// <summary>Connections that have been played, those over no proxy included.</summary>
    public long Connections => Interlocked.Read(ref _connections);

    /// <summary>Bytes that their scripts sent.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Plays all seeds, or stops before when told so.</summary>
    public async Task PlayAsync(IEnumerable<int> seeds, Func<Difference, bool> endsIt)
    {
        var left = new ConcurrentQueue<int>(seeds);
        await Task.WhenAll(Enumerable.Range(0, atATime).Select(_ => Task.Run(async () =>
        {
            while (!_differences.Any(endsIt) && left.TryDequeue(out int seed))
                await PlayAsync(ScenarioDraw.Of(seed));
        })));
    }

    private async Task PlayAsync(Scenario scenario)
    {
        Outcome? direct = await PlayAsync(scenario, Way.Direct(venue));
        if (direct is null)
            return;
        foreach (Way way in ways)
        {
            if (await PlayAsync(scenario, way) is { } seen && Difference.Between(way.Name, scenario, direct, seen) is { } difference)
                _differences.Enqueue(difference);
        }
    }

    private async Task<Outcome?> PlayAsync(Scenario scenario, Way way)
    {
        try
        {
            (Socket client, Socket server) = await (scenario.ServerFirst ? venue.ServerFirst.ConnectAsync(way.ServerFirst) : venue.ClientFirst.ConnectAsync(way.ClientFirst));
            using (client)
            using (server)
            {
                Outcome outcome = await Stage.PlayAsync(scenario, client, server);
                Interlocked.Increment(ref _connections);
                Interlocked.Add(ref _bytes, scenario.Client.Bytes + scenario.Server.Bytes);
                return outcome;
            }
        }
        catch (Exception failure)
        {
            _differences.Enqueue(Difference.Failed(way.Name, scenario, failure));
            return null;
        }
    }
}
