using System.Diagnostics;
using Sluice.Oracle.Ways;
using Sluice.Programs.Processes;
using Sluice.Soak.Load;
using Sluice.Soak.Report;

namespace Sluice.Soak;

/// <summary>Rounds of load with a rest between, in which everything that connections took must have been given back.</summary>
internal static class SoakRun
{
    private const int Rounds = 12;
    private static readonly TimeSpan LongestRound = TimeSpan.FromMinutes(1);

    /// <summary>0 when nothing grew and no byte was wrong, else 1.</summary>
    public static async Task<int> RunAsync(SoakOptions options)
    {
        using var venue = new Venue();
        await using SluiceProcess sluice = await SluiceProcess.StartAsync(
            [venue.ClientFirst.Address, venue.ServerFirst.Address],
            new SluiceSetup { Runtime = [$"offload: {options.Offload}"], Binary = options.Sluice });
        if (options.Offload == "sockmap")
            await sluice.LoggedAsync("offload: this kernel is trusted"); // else nothing would show that it stayed in user space
        await using var sampler = new Sampler(sluice);
        using var load = await SoakLoad.CreateAsync(sluice, venue, options.Forget);
        TimeSpan round = options.Time / Rounds < LongestRound ? options.Time / Rounds : LongestRound;
        List<Sample> atRest = [];
        var time = Stopwatch.StartNew();
        try
        {
            while (time.Elapsed < options.Time)
            {
                await load.RunAsync(round * 0.8);
                atRest.Add(await load.RestAsync(sampler));
                Console.WriteLine($"{time.Elapsed.TotalSeconds,6:F0} s  {atRest[^1]}");
            }
        }
        catch (Exception failure)
        {
            Console.WriteLine($"FAILED after {time.Elapsed.TotalSeconds:F0} s: {failure}\n{string.Join('\n', sluice.Log.Split('\n').TakeLast(20))}");
            return 1;
        }

        string[] faults = [.. Quantity.All.Select(quantity => quantity.GrowthIn(atRest)).OfType<string>(), .. load.Faults];
        SoakReport.Write(sampler.Samples, load, faults);
        if (options.Plot is { } file)
            SvgPlot.Write(file, sampler.Samples);
        return faults.Length == 0 ? 0 : 1;
    }
}
