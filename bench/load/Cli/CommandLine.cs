using System.CommandLine;
using Sluice.Load.Servers;
using Sluice.Load.Traffic;

namespace Sluice.Load.Cli;

/// <summary>The command line: options in, <see cref="LoadOptions"/> out.</summary>
internal static class CommandLine
{
    /// <summary>How the tool starts itself as the servers behind the proxies.</summary>
    public const string ServerCommand = "server";

    public static RootCommand Build(Func<LoadOptions, int> run)
    {
        Option<int> rounds = new("--rounds") { Description = "How often every proxy gets its turn", DefaultValueFactory = _ => 5 };
        Option<double> seconds = new("--seconds") { Description = "Length of one measurement", DefaultValueFactory = _ => 3 };
        Option<double> warmUp = new("--warm-up") { Description = "Seconds of unmeasured traffic before each measurement", DefaultValueFactory = _ => 0.3 };
        Option<string[]> only = new("--only")
        {
            Description = $"scenario, /proxy or scenario/proxy; may be repeated. Scenarios: {string.Join(", ", Scenario.All.Select(s => s.Name))}, {LoadOptions.Idle}. "
                + "Those of redis and PostgreSQL take the installed programs, and run only when they are named. "
                + "Proxies: direct, haproxy, haproxy-splice, nginx, sluice, and those of --extra and --variants",
            DefaultValueFactory = _ => [],
        };
        Option<string?> json = new("--json") { Description = "Write every round to this file" };
        Option<string?> sluice = new("--sluice") { Description = "Measure this binary instead of publishing src/ProxyHost" };
        Option<string[]> extra = new("--extra")
        {
            Description = "Compare another sluice as well: name=PATH[,key=value...], keys of its runtime section; an empty PATH is the same binary. "
                + "rules=N judges what clients send by N rules, reload=N reloads every N ms. Example: --extra copy=,splice=off",
            DefaultValueFactory = _ => [],
        };
        Option<bool> variants = new("--variants") { Description = "Run bulk through HAProxy and nginx with 256 KiB buffers too" };
        Option<int> idle = new("--idle-connections") { Description = "Connections held open by the idle run", DefaultValueFactory = _ => 9000 };
        Option<int> starts = new("--starts") { Description = "Times the idle run starts each program", DefaultValueFactory = _ => 5 };

        RootCommand root = new("Compares sluice with HAProxy, nginx and a direct connection, all on loopback, taking turns.")
        {
            rounds, seconds, warmUp, only, json, sluice, extra, variants, idle, starts, Server(),
        };
        AtLeast(rounds, 1);
        AtLeast(starts, 1);
        AtLeast(idle, 1);
        EachParses(only, Selection.Parse);
        EachParses(extra, ExtraSluice.Parse);
        root.SetAction(parsed => run(new LoadOptions(
            parsed.GetValue(rounds),
            TimeSpan.FromSeconds(parsed.GetValue(seconds)),
            TimeSpan.FromSeconds(parsed.GetValue(warmUp)),
            [.. parsed.GetValue(only)!.Select(Selection.Parse)],
            parsed.GetValue(json),
            parsed.GetValue(sluice),
            [.. parsed.GetValue(extra)!.Select(ExtraSluice.Parse)],
            parsed.GetValue(variants),
            parsed.GetValue(idle),
            parsed.GetValue(starts))));
        return root;
    }

    private static Command Server()
    {
        Argument<int> echo = new("echo-port"), sink = new("sink-port");
        Command server = new(ServerCommand, "The echo and sink servers behind the proxies") { echo, sink };
        server.Hidden = true;
        server.SetAction(parsed =>
        {
            using ServerLoop loop = new(parsed.GetValue(echo), parsed.GetValue(sink));
            loop.Run();
            return 0;
        });
        return server;
    }

    private static void EachParses<T>(Option<string[]> option, Func<string, T> parse) => option.Validators.Add(result =>
    {
        try
        {
            Array.ForEach(result.GetValueOrDefault<string[]>()!, text => parse(text));
        }
        catch (FormatException failure)
        {
            result.AddError($"{option.Name}: {failure.Message}");
        }
    });

    private static void AtLeast(Option<int> option, int least) => option.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int>() < least)
            result.AddError($"{option.Name} must be at least {least}.");
    });
}
