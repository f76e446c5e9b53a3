using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Sluice.ProxyHost.Tests.Hosting;

namespace Sluice.ProxyHost.Tests.Cli.Top;

/// <summary>`sluice top` on a terminal of its own, which script(1) makes.</summary>
public partial class TopTerminalTests
{
    private const int Timeout = 120_000;
    private const string Enter = "\e[?1049h", Leave = "\e[?25h\e[?1049l";

    [Theory(Timeout = Timeout)]
    [InlineData("q")]
    [InlineData("\u0003")]
    [InlineData("TERM")]
    public async Task It_goes_by_keys_and_leaves_the_terminal_as_it_was(string end)
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Configs.Echo());
        using Socket client = await daemon.ConnectAsync();
        await client.PingAsync();
        // Ctrl-C is for the shell as well, which has more to tell afterwards. Whoever runs the tests in the background has them ignore it, and so would what they start.
        using Process top = Start($"trap : INT; stty rows 24 cols 100; sh -c 'echo pid $$; exec env --default-signal $SLUICE top --interval 100ms --url http://{daemon.Admin}'; echo code $?; stty -a");
        var screen = new StringBuilder();
        await UntilAsync(top, screen, "Overview");
        Assert.Contains(Enter, screen.ToString(), StringComparison.Ordinal);
        await top.StandardInput.WriteAsync("5");
        await UntilAsync(top, screen, client.LocalEndPoint!.ToString()!);
        await top.StandardInput.WriteAsync("/state=half-closed\r");
        await UntilAsync(top, screen, "Nothing to show.");
        await top.StandardInput.WriteAsync("?");
        await UntilAsync(top, screen, "the other way round");
        Assert.DoesNotContain(Leave, screen.ToString(), StringComparison.Ordinal);
        await top.StandardInput.WriteAsync("x");
        if (end == "TERM")
            await DaemonProcess.RunAsync("kill", "-TERM", Pid().Match(screen.ToString()).Groups["pid"].Value);
        else
            await top.StandardInput.WriteAsync(end);
        string left = await UntilAsync(top, screen, "-echonl");
        Assert.Contains(Leave, left, StringComparison.Ordinal);
        Assert.Contains("code 0", left[left.LastIndexOf(Leave, StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.Matches(@"[ ;]icanon[\s\S]*[ ;]echo ", left[left.LastIndexOf("code 0", StringComparison.Ordinal)..]);
        await top.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private static Process Start(string script)
    {
        var start = new ProcessStartInfo("script", ["--quiet", "--flush", "--return", "--command", script, "/dev/null"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["SLUICE"] = Path.Combine(AppContext.BaseDirectory, "sluice");
        start.Environment["TERM"] = "xterm-256color";
        Process process = Process.Start(start)!;
        process.StandardInput.AutoFlush = true;
        return process;
    }

    [GeneratedRegex("pid (?<pid>[0-9]+)")]
    private static partial Regex Pid();

    // Reads on until what has come since the last call has this text, and gives that.
    private static async Task<string> UntilAsync(Process process, StringBuilder all, string text)
    {
        char[] buffer = new char[4096];
        int from = all.Length;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Timeout / 4);
        await using CancellationTokenRegistration tooLong = patience.Token.Register(process.Kill);
        while (!all.ToString(from, all.Length - from).Contains(text, StringComparison.Ordinal))
        {
            int read = await process.StandardOutput.ReadAsync(buffer, TestContext.Current.CancellationToken);
            Assert.True(read > 0, $"it ended before {text}:\n{all}");
            all.Append(buffer, 0, read);
        }

        return all.ToString(from, all.Length - from);
    }
}
