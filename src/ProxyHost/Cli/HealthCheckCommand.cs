using System.CommandLine;
using System.CommandLine.Parsing;
using Sluice.ProxyHost.Configuration;

namespace Sluice.ProxyHost.Cli;

/// <summary><c>sluice healthcheck</c>.</summary>
internal static class HealthCheckCommand
{
    public static Command Create(Func<SluiceConfig?, Uri?, CancellationToken, Task<int>> check, Terminal terminal)
    {
        Argument<string> path = Arguments.OptionalConfig();
        var url = new Option<Uri?>("--url")
        {
            Description = "Ask this URL instead of the admin endpoint of the configuration, which is then not read.",
            HelpName = "http://host:port/path",
            CustomParser = ParseUrl,
        };
        var command = new Command("healthcheck",
            "Ask a running sluice whether it is well; for the HEALTHCHECK of a container.") { path, url };
        command.SetAction(async (parsed, cancel) =>
        {
            if (parsed.GetValue(url) is { } given) return await check(null, given, cancel);
            return ConfigFile.Load(parsed.GetRequiredValue(path), terminal, out int exitCode) is { } config
                ? await check(config, null, cancel)
                : exitCode;
        });
        return command;
    }

    private static Uri? ParseUrl(ArgumentResult given)
    {
        string text = given.Tokens.Count == 0 ? "" : given.Tokens[0].Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme == Uri.UriSchemeHttp) return url;
        given.AddError($"`{text}` is not an http URL; write something like http://127.0.0.1:9901/healthz");
        return null;
    }
}
