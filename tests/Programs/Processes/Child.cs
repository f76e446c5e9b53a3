using System.Diagnostics;
using System.Text;
using Sluice.Functional.Wire;

namespace Sluice.Programs.Processes;

/// <summary>A program of the test's own, ended with the test. Its output is kept for failures.</summary>
internal sealed class Child : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Task _reading;
    private readonly string _name;

    /// <summary>Starts a program; <paramref name="arguments"/> are passed as they are.</summary>
    public Child(
        string program, IEnumerable<string> arguments, string? directory = null, IEnumerable<(string Name, string Value)>? environment = null)
    {
        _name = Path.GetFileName(program);
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = directory ?? Path.GetTempPath(),
        };
        foreach ((string name, string value) in environment ?? [])
            start.Environment[name] = value;
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        _process.StandardInput.Close();
        _reading = Task.WhenAll(Task.Run(() => KeepAsync(_process.StandardOutput)), Task.Run(() => KeepAsync(_process.StandardError)));
    }

    /// <summary>Runs a program that has to succeed, and gives its output.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        await using var child = new Child(program, arguments);
        return await child.SucceedAsync();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What it wrote so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Waits for its end; fails with its output unless it exits with 0.</summary>
    public async Task<string> SucceedAsync()
    {
        int code = await ExitAsync();
        Assert.True(code == 0, $"{_name} exited with {code}:\n{Output}");
        return Output;
    }

    /// <summary>Waits for its end and gives the exit code.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(Deadline.Token);
        await _reading;
        return _process.ExitCode;
    }

    /// <summary>Waits until the condition holds; fails at once when the program ends before.</summary>
    public async Task UntilAsync(Func<bool> condition, string what)
    {
        await Deadline.UntilAsync(() => _process.HasExited || condition(), () => $"{_name} {what}:\n{Output}");
        Assert.True(condition(), $"{_name} ended before {what}:\n{Output}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task KeepAsync(StreamReader reader)
    {
        char[] buffer = new char[4096];
        while (await reader.ReadAsync(buffer) is > 0 and var count)
        {
            lock (_output)
                _output.Append(buffer, 0, count);
        }
    }
}
