using Sluice.Functional.Scenarios;

namespace Sluice.Oracle.Play;

/// <summary>What <see cref="ScenarioSource"/> draws, with more that many connections at a time allow: stalls, holds, conversations, resets in midstream.</summary>
internal static class ScenarioDraw
{
    private const int Usual = 150_000;
    private const int Long = 6_000_000;
    private const int Fine = 16 * 1024;
    private const int Calls = 300;

    /// <summary>The same scenario for the same seed.</summary>
    public static Scenario Of(int seed)
    {
        Scenario scenario = ScenarioSource.Draw(seed);
        var random = new Random(seed ^ 0x0_4ac1e);
        scenario = random.Next(10) switch
        {
            0 => InMidstream(random, scenario),
            1 when scenario.Client.Start == Start.AtOnce && scenario.Server.Start == Start.AtOnce && !Resets(scenario) => Holding(random, scenario),
            _ => scenario,
        };
        return scenario with
        {
            Client = Sized(random, scenario.Client, scenario.Server),
            Server = Sized(random, scenario.Server, scenario.Client),
            ServerFirst = random.Next(2) == 0,
            Rounds = random.Next(2) == 0 ? random.Next(1, 48) : 0,
        };
    }

    private static bool Resets(Scenario scenario) => scenario.Client.Resets || scenario.Server.Resets;

    // Streams that pay for splice(2) or the kernel are few, and take most of the time.
    private static Script Sized(Random random, Script script, Script reader)
    {
        bool isRoomy = IsRoomy(script) && reader.ReceiveBuffer == 0 && reader.MaxReceive >= Fine && script.Finish != Finish.RstAtOnce;
        script = isRoomy && random.Next(8) == 0
            ? script with { Bytes = random.Next(Long / 2, Long), MaxSend = 1 << 20, Pauses = 0 }
            : script with { Bytes = Math.Min(script.Bytes, random.Next(4) == 0 ? int.MaxValue : Usual) };
        script = script with { MaxSend = Math.Max(script.MaxSend, script.Bytes / Calls), MaxReceive = Math.Max(script.MaxReceive, reader.Bytes / Calls) };
        return random.Next(10) == 0 ? script with { Stall = random.Next(1, 150) } : script;
    }

    private static Scenario InMidstream(Random random, Scenario scenario)
    {
        Script resets = scenario.Client with { Start = Start.AtOnce, Finish = Finish.RstInMidstream, Bytes = Math.Max(scenario.Client.Bytes, 2) };
        Script other = scenario.Server with { Start = Start.AtOnce, Finish = random.Next(2) == 0 ? Finish.None : Finish.Fin };
        return random.Next(2) == 0 ? scenario with { Client = resets, Server = other } : scenario with { Client = other, Server = resets };
    }

    // A small buffer that is full drops segments together with what they acknowledge; that is TCP's own dead end.
    private static Scenario Holding(Random random, Scenario scenario) => (random.Next(2) == 0, IsRoomy(scenario.Client) && IsRoomy(scenario.Server)) switch
    {
        (true, true) => scenario with { Client = scenario.Client with { Holds = true } },
        (false, true) => scenario with { Server = scenario.Server with { Holds = true } },
        _ => scenario,
    };

    private static bool IsRoomy(Script script) => script is { SendBuffer: 0, ReceiveBuffer: 0 };
}
