using System.CommandLine;
using System.CommandLine.Parsing;
using Sluice.ProxyHost.Cli.Top;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Configuration.Types;
using Sluice.ProxyHost.Hosting;

namespace Sluice.ProxyHost.Cli;

/// <summary><c>sluice top</c>.</summary>
internal static class TopCommand
{
    private static readonly DurationType Intervals = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));

    public static Command Create(Terminal terminal)
    {
        Argument<string> path = Arguments.OptionalConfig();
        var url = new Option<AdminAddress?>("--url")
        {
            Description = "Watch the daemon whose admin endpoint is there, instead of that of the configuration, which is then not read.",
            HelpName = "http://host:port or unix:/path",
            CustomParser = ParseUrl,
        };
        var interval = new Option<TimeSpan?>("--interval")
        {
            Description = "How long after an answer to ask for the next, 100ms to 1h; 1s where it is not given.",
            HelpName = "time",
            CustomParser = ParseInterval,
        };
        var once = new Option<bool>("--once") { Description = "Print everything once, with rates over one interval, and be done." };
        var command = new Command("top",
            "Watch a running sluice: plots, listeners, clusters, endpoints, connections, verdicts and ends. The ? key shows the others. " +
            "Where there is no terminal it prints once.") { path, url, interval, once };
        command.SetAction((parsed, cancel) =>
        {
            AdminAddress? admin = parsed.GetValue(url);
            if (admin is null)
            {
                if (ConfigFile.Load(parsed.GetRequiredValue(path), terminal, out int exitCode) is not { } config)
                    return Task.FromResult(exitCode);
                admin = AdminAddress.Of(config.Admin);
            }

            return TopRun.RunAsync(new TopRequest(admin, parsed.GetValue(interval) ?? TimeSpan.FromSeconds(1), parsed.GetValue(once)), terminal, cancel);
        });
        return command;
    }

    private static AdminAddress? ParseUrl(ArgumentResult given)
    {
        string text = given.Tokens.Count == 0 ? "" : given.Tokens[0].Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme == Uri.UriSchemeHttp)
            return AdminAddress.Of(url);
        Parsed<ListenAddress> unix = text.StartsWith(Addresses.UnixPrefix, StringComparison.Ordinal) ? new ListenAddressType().Parse(text) : default;
        if (unix.Value is { } address)
            return AdminAddress.Of(address);
        given.AddError(unix.Problem is { } problem
            ? $"{problem.Message}; {problem.Suggestion}"
            : $"`{text}` is neither an http URL nor a unix socket; write something like http://127.0.0.1:9901 or unix:/run/sluice/admin");
        return null;
    }

    private static TimeSpan? ParseInterval(ArgumentResult given)
    {
        Parsed<TimeSpan> parsed = Intervals.Parse(given.Tokens.Count == 0 ? "" : given.Tokens[0].Value);
        if (parsed.Problem is { } problem)
            given.AddError($"--interval: {problem.Message}; {problem.Suggestion}");
        return parsed.Value;
    }
}
