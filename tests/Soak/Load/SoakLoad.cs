using System.Net.Sockets;
using Sluice.Functional.Wire;
using Sluice.Oracle.Play;
using Sluice.Oracle.Ways;
using Sluice.Programs.Processes;
using Sluice.Soak.Report;

namespace Sluice.Soak.Load;

/// <summary>All that goes on at once, for a while, and then stops.</summary>
internal sealed class SoakLoad : IDisposable
{
    private const int ScenariosAtATime = 12;
    private const int Batch = 24;
    private const int Streams = 4;
    private const int SlowReaders = 4;

    private readonly SluiceProcess _sluice;
    private readonly Venue _venue;
    private readonly FlappingServer _flapping;
    private readonly OracleRun _churn;
    private readonly List<Socket> _forgotten = [];
    private readonly int _forget;
    private long _streamed;
    private int _slow;
    private int _generation = 1;

    private SoakLoad(SluiceProcess sluice, Venue venue, FlappingServer flapping, int forget)
    {
        (_sluice, _venue, _flapping, _forget) = (sluice, venue, flapping, forget);
        _churn = new OracleRun(venue, [Way.Through("sluice", sluice, venue)], ScenariosAtATime);
    }

    /// <summary>What connections saw that no direct connection would show, so far.</summary>
    public IEnumerable<string> Faults => _churn.Differences.Select(difference => difference.ToString());

    public static async Task<SoakLoad> CreateAsync(SluiceProcess sluice, Venue venue, int forget)
    {
        var flapping = new FlappingServer();
        var load = new SoakLoad(sluice, venue, flapping, forget);
        await load.ReloadAsync(flapping.AddTo);
        return load;
    }

    /// <summary>Runs everything for so long, and waits until each has come to its end.</summary>
    public async Task RunAsync(TimeSpan time)
    {
        using var stop = new CancellationTokenSource(time);
        List<Task> all = [ChurnAsync(stop.Token), ReloadsAsync(stop.Token), _flapping.FlapAsync(stop.Token), _flapping.VisitAsync(stop.Token)];
        all.AddRange(Enumerable.Range(0, Streams).Select(i => StreamAsync(isUp: i % 2 == 0, stop.Token)));
        all.AddRange(Enumerable.Range(0, SlowReaders).Select(_ => ReadSlowlyAsync(stop.Token)));
        await Task.WhenAll(all.Select(task => Task.Run(() => task)));
        for (int i = 0; i < _forget; i++)
        {
            (Socket client, Socket server) = await ConnectAsync();
            _forgotten.AddRange([client, server]);
        }
    }

    /// <summary>Waits until no connection is left but those that were left open, and looks.</summary>
    public async Task<Sample> RestAsync(Sampler sampler)
    {
        int left = _forgotten.Count / 2;
        Sample? sample = null;
        await Deadline.UntilAsync(
            () => (sample = sampler.LookAsync().GetAwaiter().GetResult()).Connections <= left && sample.Held == 0,
            () => $"the end of all connections: {sample}");
        return sample!;
    }

    public void Dispose() => _forgotten.ForEach(socket => socket.Dispose());

    public override string ToString() =>
        $"{_churn.Connections:N0} connections of the churn with {_churn.Bytes:N0} bytes, {_streamed:N0} bytes in long streams, {_slow} slow readers, {_generation - 1} reloads, {_flapping}";

    private Task<(Socket Client, Socket Server)> ConnectAsync() => _venue.ClientFirst.ConnectAsync(_sluice.To(_venue.ClientFirst.Address));

    private async Task ChurnAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && _churn.Differences.Count == 0)
            await _churn.PlayAsync(Enumerable.Range(0, Batch).Select(_ => Random.Shared.Next()), _ => true);
    }

    private async Task StreamAsync(bool isUp, CancellationToken stop)
    {
        (Socket client, Socket server) = await ConnectAsync();
        using (client)
        using (server)
        {
            Sluice.Faults.Transfer stream = isUp ? new(client, server, 1) : new(server, client, 2);
            Task<Ending> receiving = stream.ReceiveAsync();
            Assert.Equal(Ending.Fin, await stream.SendAsync(long.MaxValue, pause: 5, stop));
            Assert.Equal(Ending.Fin, await receiving);
            Assert.Equal(stream.Sent, stream.Received);
            Interlocked.Add(ref _streamed, stream.Sent);
        }
    }

    // Reads so little that its server always waits, and resets in the end.
    private async Task ReadSlowlyAsync(CancellationToken stop)
    {
        const int Reads = 50;
        while (!stop.IsCancellationRequested)
        {
            (Socket client, Socket server) = await ConnectAsync();
            using (server)
            {
                Task<Ending> sending = new Sluice.Faults.Transfer(server, client, 3).SendAsync(long.MaxValue, stop: CancellationToken.None);
                byte[] buffer = new byte[4096];
                for (int i = 0; i < Reads && !stop.IsCancellationRequested; i++)
                {
                    await client.ReceiveAsync(buffer, Deadline.Token);
                    await Task.Delay(10, Deadline.Token);
                }

                client.Reset();
                Assert.Equal(Ending.Rst, await sending.OrHung("the slow reader's server to hear of its reset"));
            }

            Interlocked.Increment(ref _slow);
        }
    }

    private async Task ReloadsAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            int limit = 19_000 + (_generation % 2); // another one each time
            await ReloadAsync(text => System.Text.RegularExpressions.Regex.Replace(text, "max_connections: [0-9]+", $"max_connections: {limit}"));
            await Task.Delay(500, Deadline.Token);
        }
    }

    private async Task ReloadAsync(Func<string, string> change)
    {
        await _sluice.ReloadAsync(change);
        int goal = ++_generation;
        await Deadline.UntilAsync(() => new Measured("sluice_config_generation", "").In(_sluice.MetricsAsync().GetAwaiter().GetResult()) >= goal, () => $"generation {goal}:\n{_sluice.Log}");
    }
}
