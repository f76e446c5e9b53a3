namespace Sluice.Functional.Scenarios;

/// <summary>Draws scenarios whose outcome on a direct connection does not depend on timing.</summary>
internal static class ScenarioSource
{
    private const string Variable = "SLUICE_SCENARIO_SEED";

    /// <summary>Whether one seed is played again and again instead of fresh ones.</summary>
    public static bool IsReplay => Environment.GetEnvironmentVariable(Variable) is not null;

    /// <summary>Seeds for one run: as many fresh ones as asked, or as often the one to replay, for races.</summary>
    public static IEnumerable<int> Seeds(int count) =>
        int.TryParse(Environment.GetEnvironmentVariable(Variable), out int seed)
            ? Enumerable.Repeat(seed, count)
            : Enumerable.Range(0, count).Select(_ => Random.Shared.Next()).ToArray();

    /// <summary>For a failure's message: how to see it again.</summary>
    public static string HowToReplay(Scenario scenario) => $"{Variable}={scenario.Seed} replays {scenario}";

    /// <summary>The same scenario for the same seed.</summary>
    public static Scenario Draw(int seed)
    {
        var random = new Random(seed);
        Script one = Side(random), other = Side(random);
        (one, other) = (Fitting(one, other), Fitting(other, one));
        (one, other) = random.Next(2) == 0 ? EndByFin(random, one, other) : EndByRst(random, one, other);
        return random.Next(2) == 0 ? new Scenario(seed, one, other) : new Scenario(seed, other, one);
    }

    // Independently, or one strictly after the other, with or without data on the half-closed connection.
    private static (Script, Script) EndByFin(Random random, Script one, Script other) => random.Next(4) switch
    {
        0 => (one, other),
        1 => (one, other with { Finish = Finish.FinAfterFin }),
        2 => (one, other with { Start = Start.AfterFin, Finish = Finish.FinAfterFin }),
        _ => (one with { Bytes = Math.Max(1, one.Bytes) }, other with { Start = Start.AfterFirstByte, Finish = Finish.FinAfterFin }),
    };

    // Into silence, into a stream, right behind little data, or into a half-closed connection.
    private static (Script, Script) EndByRst(Random random, Script one, Script other) => random.Next(4) switch
    {
        0 => (one with { Finish = Finish.RstWhenDelivered }, other with { Bytes = 0, Finish = Finish.None }),
        1 => (one with { Finish = Finish.RstWhenDelivered }, other with { Finish = Finish.None }),
        2 => (Little(one) with { Finish = Finish.RstAtOnce }, Roomy(other) with { Bytes = 0, Finish = Finish.None }),
        _ => (one with { Finish = Finish.RstWhenDelivered }, other with { Finish = Finish.Fin }),
    };

    private static Script Side(Random random)
    {
        int bytes = random.Next(5) switch
        {
            0 => 0,
            1 => random.Next(1, 100),
            2 => random.Next(100, 10_000),
            3 => random.Next(10_000, 200_000),
            _ => random.Next(200_000, 2_000_000),
        };
        // A million one-byte writes prove no more than a few thousand.
        int finest = Math.Max(1, bytes / 2000);
        return new Script(
            Seed: random.Next(),
            Bytes: bytes,
            MaxSend: Math.Max(finest, 1 << random.Next(0, 18)),
            MaxReceive: Math.Max(finest, 1 << random.Next(0, 18)),
            SendBuffer: random.Next(3) == 0 ? random.Next(1, 16) * 1024 : 0,
            ReceiveBuffer: random.Next(3) == 0 ? random.Next(1, 16) * 1024 : 0,
            Pauses: random.Next(3) == 0 ? 0 : random.Next(1, 50),
            Start: Start.AtOnce,
            Finish: Finish.Fin);
    }

    // Into a window smaller than a segment the kernel sends by its timers, some dozen kilobytes a second; and a million reads of
    // one byte prove no more than a few thousand either.
    private static Script Fitting(Script sender, Script receiver)
    {
        int most = receiver.ReceiveBuffer > 0 ? 4 * receiver.ReceiveBuffer : int.MaxValue;
        return sender with { Bytes = Math.Min(sender.Bytes, Math.Min(most, 4000 * receiver.MaxReceive)) };
    }

    private static Script Little(Script script) => script with { Bytes = 1 + (script.Bytes % 4096), MaxSend = 8192, SendBuffer = 0 };

    private static Script Roomy(Script script) => script with { ReceiveBuffer = 0 };
}
