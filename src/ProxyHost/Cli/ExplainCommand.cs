using System.CommandLine;
using Sluice.ProxyHost.Cli.Explain;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Configuration.Yaml;
using Sluice.ProxyHost.Model;

namespace Sluice.ProxyHost.Cli;

/// <summary><c>sluice explain</c>.</summary>
internal static class ExplainCommand
{
    public static Command Create(Terminal terminal)
    {
        var path = new Argument<string>("yaml") { Description = "The configuration file." };
        var listener = new Option<string?>("--listener") { Description = "Explain this listener only.", HelpName = "name" };
        var plan = new Option<bool>("--plan") { Description = "Print also what rules and routes are compiled to, a line for each node." };
        var stream = new StreamOptions();
        var command = new Command("explain",
            "Say in words what each listener does with connections and bytes, and what would happen to bytes that you give.") { path, listener, plan };
        stream.AddTo(command);
        command.SetAction(parsed =>
        {
            GivenStream? given = stream.Read(parsed, out string? unreadable);
            if (unreadable is null)
                return Explain(parsed.GetRequiredValue(path), parsed.GetValue(listener), parsed.GetValue(plan), given, terminal);
            terminal.Error.WriteLine($"sluice: {unreadable}");
            return ExitCode.NoInput;
        });
        return command;
    }

    private static int Explain(string path, string? name, bool withPlan, GivenStream? stream, Terminal terminal)
    {
        if (ConfigFile.Load(path, terminal, out int exitCode) is not { } config) return exitCode;
        if (name is not null && config.Listeners.All(one => one.Name != name)) return Misused(NoListener(name, config), terminal);

        var model = new ProxyModel(config);
        var page = new Page();
        foreach (ListenerState listener in model.Listeners.Where(one => name is null || one.Config.Name == name))
        {
            if (page.ToString().Length > 0) page.Gap();
            ListenerWords.Print(page, listener, model, withPlan);
            if (stream is null) continue;
            if (GivenSocket.Of(listener.Config, listener.Cluster.Config, stream, out string? problem) is not { } socket)
                return Misused(problem!, terminal);
            page.Gap();
            StreamReplay.Print(page, listener, model, stream, socket);
        }
        terminal.Output.Write(page.ToString());
        return ExitCode.Success;
    }

    private static string NoListener(string name, SluiceConfig config)
    {
        string[] known = [.. config.Listeners.Select(listener => listener.Name)];
        string some = string.Join(", ", known.Take(8).Select(one => $"`{one}`"));
        string hint = Nearest.DidYouMean(name, known) ?? $"the listeners here are {some}{(known.Length > 8 ? ", …" : "")}";
        return $"there is no listener named `{Quote.Text(name)}`; {hint}";
    }

    private static int Misused(string problem, Terminal terminal)
    {
        terminal.Error.WriteLine($"sluice: {problem}");
        return ExitCode.Usage;
    }
}
