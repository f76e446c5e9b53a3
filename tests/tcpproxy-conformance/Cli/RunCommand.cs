using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using TcpProxyConformance.Play;
using TcpProxyConformance.Reports;
using TcpProxyConformance.Runs;

namespace TcpProxyConformance.Cli;

/// <summary>The command without a name: plays cases, or lists them.</summary>
internal static class RunCommand
{
    public static async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        TextWriter output = parsed.InvocationConfiguration.Output, error = parsed.InvocationConfiguration.Error;
        try
        {
            IReadOnlyList<Case> cases = Selection.Cases(parsed.GetValue(Options.Case)!);
            if (parsed.GetValue(Options.List))
            {
                await output.WriteAsync(parsed.GetValue(Options.Format) == Format.Markdown ? CaseListing.Markdown(cases) : CaseListing.Text(cases));
                return ExitCode.Success;
            }

            RunOptions options = await Selection.OptionsAsync(parsed, cases, stop);
            using var upstream = Listen(options.Upstream);
            return await PlayAsync(options with { Upstream = upstream.EndPoint }, upstream, parsed.GetValue(Options.Format), output, error, stop);
        }
        catch (CommandException wrong)
        {
            await error.WriteLineAsync(wrong.Message);
            return wrong.ExitCode;
        }
    }

    private static async Task<int> PlayAsync(RunOptions options, Upstream upstream, Format format, TextWriter output, TextWriter error, CancellationToken stop)
    {
        if (options.Through is { } through && await Preflight.FindObstacleAsync(through, upstream, options.Bounds, stop) is { } obstacle)
            throw new CommandException(ExitCode.Unavailable, obstacle);

        var text = new TextReport(format == Format.Text ? output : TextWriter.Null);
        text.Begin(options);
        RunResult run = await ConformanceRun.PlayAsync(options, upstream, text.Add, stop);
        text.End(run);
        if (format != Format.Text)
            await output.WriteLineAsync(format == Format.Json ? JsonReport.Of(run) : MarkdownReport.Of(run).TrimEnd());
        foreach (string pattern in options.Known.Outdated(run.Cases))
            await error.WriteLineAsync($"{pattern} is known to fail, and passes: take it off the list.");
        return run.Count(Outcome.Fail) > 0 ? ExitCode.Failures : ExitCode.Success;
    }

    private static Upstream Listen(IPEndPoint endPoint)
    {
        try
        {
            return new Upstream(endPoint);
        }
        catch (SocketException error)
        {
            throw new CommandException(ExitCode.Unavailable,
                $"{endPoint} cannot be listened on ({error.SocketErrorCode}). This tool is the upstream: stop what listens there, or have the proxy forward to another port and name it with --upstream-port.");
        }
    }
}
