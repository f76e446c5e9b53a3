using System.Runtime.InteropServices;
using Sluice.ProxyHost.Hosting;
using Spectre.Console;

namespace Sluice.ProxyHost.Cli.Top;

/// <summary>What `sluice top` was asked for.</summary>
/// <param name="Admin">Which daemon.</param>
/// <param name="Interval">Between two answers.</param>
/// <param name="Once">Print once and be done.</param>
internal sealed record TopRequest(AdminAddress Admin, TimeSpan Interval, bool Once);

/// <summary>`sluice top`, from the first question to the last.</summary>
internal static class TopRun
{
    /// <summary>Runs it. The result is the exit code.</summary>
    public static async Task<int> RunAsync(TopRequest request, Terminal terminal, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var source = new LiveSource(request.Admin);
        using PosixSignalRegistration interrupted = On(PosixSignal.SIGINT, stop), terminated = On(PosixSignal.SIGTERM, stop), hungUp = On(PosixSignal.SIGHUP, stop);
        var state = new TopState(TimeProvider.System);
        try
        {
            // A wrong address is told at once, and not on a screen that waits for ever.
            state.Take(await source.AskAsync(state.Query, stop.Token));
            if (state.Failure is { } failure)
            {
                await terminal.Error.WriteLineAsync($"sluice: {failure.Why}");
                return ExitCode.Unavailable;
            }

            IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal.Output), Enrichment = { UseDefaultEnrichers = false } });
            bool isPlain = request.Once || !console.Profile.Capabilities.Ansi || Console.IsInputRedirected || Console.IsOutputRedirected || terminal.Output != Console.Out;
            if (isPlain)
                return await PrintAsync(request, source, state, terminal, console, stop.Token);
            using var loop = new TopLoop(request, source, state, console);
            return await loop.RunAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Success;
        }
        catch (IOException)
        {
            // The terminal, or who reads the pipe, is gone.
            return ExitCode.Success;
        }
    }

    // Rates take two answers.
    private static async Task<int> PrintAsync(
        TopRequest request, LiveSource source, TopState state, Terminal terminal, IAnsiConsole console, CancellationToken cancellationToken)
    {
        await Task.Delay(request.Interval, cancellationToken);
        state.Take(await source.AskAsync(state.Query, cancellationToken));
        if (state.Failure is { } failure)
        {
            await terminal.Error.WriteLineAsync($"sluice: {failure.Why}");
            return ExitCode.Unavailable;
        }

        bool isPiped = Console.IsOutputRedirected || terminal.Output != Console.Out;
        TopSnapshot.Print(state, terminal.Output, isPiped ? null : console.Profile.Width, console.Profile.Capabilities.Unicode ? Glyphs.Unicode : Glyphs.Ascii);
        return ExitCode.Success;
    }

    private static PosixSignalRegistration On(PosixSignal signal, CancellationTokenSource stop) => PosixSignalRegistration.Create(signal, context =>
    {
        // The terminal is put in order first.
        context.Cancel = true;
        stop.Cancel();
    });
}
