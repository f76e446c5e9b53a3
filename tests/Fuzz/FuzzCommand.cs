using System.Diagnostics;
using System.Globalization;
using Sluice.Fuzz.Targets;

namespace Sluice.Fuzz;

/// <summary><c>Fuzz &lt;target&gt; [seconds] [seed]</c>: runs until it finds something or the time is over. Exit code 1: found; 2: not understood.</summary>
internal static class FuzzCommand
{
    private const int DefaultSeconds = 60;

    // No input may take so long.
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(10);

    public static int Run(string[] args)
    {
        Coverage.Begin(); // the targets run instrumented code as they are made
        if (args.Length is < 1 or > 3
            || FuzzTargets.All.FirstOrDefault(t => t.Name == args[0]) is not { } target
            || !TryNumber(args.ElementAtOrDefault(1), DefaultSeconds, out int seconds)
            || !TryNumber(args.ElementAtOrDefault(2), Random.Shared.Next(), out int seed))
        {
            Console.Error.WriteLine($"Fuzz <{string.Join('|', FuzzTargets.All.Select(t => t.Name))}> [seconds] [seed]");
            return 2;
        }

        using var last = new LastInput(target);
        Console.WriteLine($"{target.Name}: {seconds} s, seed {seed}, {(InstrumentedContext.IsCurrent ? "guided by coverage" : "not instrumented")}");
        Console.WriteLine($"Should the process die, its input is in {last.Path}");
        long start = Stopwatch.GetTimestamp();
        var loop = new FuzzLoop(target, seed) { Beginning = last.Store };
        using var watch = new Timer(new HangWatch(target, loop).Check, null, Hang, Hang);
        FuzzFinding? finding = loop.Run(_ => Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(seconds));
        Console.WriteLine($"{loop.Runs} runs, {loop.Runs / Math.Max(0.001, Stopwatch.GetElapsedTime(start).TotalSeconds):F0}/s, {loop.Kept} inputs kept, {Coverage.Count} branches seen");
        if (finding is null)
            return 0;

        Console.WriteLine(finding.Error);
        Console.WriteLine($"Kept as {target.Corpus.Write("found", finding.Input, finding.Error.Message.ReplaceLineEndings(" "))}");
        return 1;
    }

    private static bool TryNumber(string? text, int otherwise, out int number)
    {
        number = otherwise;
        return text is null || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private sealed class HangWatch(FuzzTarget target, FuzzLoop loop)
    {
        private long _before = -1;

        public void Check(object? _)
        {
            if (loop.Runs == _before)
            {
                Console.WriteLine($"One input has run for more than {Hang.TotalSeconds} s. Kept as {target.Corpus.Write("hang", loop.Current, "takes too long")}");
                Environment.Exit(1);
            }

            _before = loop.Runs;
        }
    }
}
