using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace Sluice.Deploy.Tests.Images;

/// <summary>The daemon of the image in a container of runc.</summary>
internal sealed class Container : IAsyncDisposable
{
    private readonly string _folder, _id = $"sluice-{Guid.NewGuid():N}";
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly SemaphoreSlim _news = new(0);
    private Process? _process;

    private Container(string folder) => _folder = Directory.CreateDirectory(Path.Combine(folder, _id)).FullName;

    /// <summary>What it wrote so far, to both outputs.</summary>
    public string Output => string.Join('\n', _lines);

    /// <summary>Starts the daemon and waits until it is ready.</summary>
    public static async Task<Container> StartAsync(Image image, ContainerOptions options)
    {
        Container container = Launch(image, options, "/usr/bin/sluice", "run", "/etc/sluice/sluice.yaml");
        await container.LineAsync("ready after");
        return container;
    }

    /// <summary>Runs a command of the image to its end.</summary>
    public static async Task<(int Code, string Output)> RunAsync(Image image, ContainerOptions options, params string[] arguments)
    {
        await using Container container = Launch(image, options, arguments);
        int code = await container.EndAsync();
        return (code, container.Output);
    }

    /// <summary>Waits for a line with this text; fails when it ends without one.</summary>
    public async Task LineAsync(string text)
    {
        while (!_lines.Any(line => line.Contains(text, StringComparison.Ordinal)))
        {
            await _news.WaitAsync(TestContext.Current.CancellationToken);
            Assert.False(_process!.HasExited, $"it ended before it wrote {text}:\n{Output}");
        }
    }

    /// <summary>The daemon's process, by its number outside of the container.</summary>
    public async Task<int> ProcessIdAsync()
    {
        using var state = JsonDocument.Parse(await RuncAsync("state", _id));
        return state.RootElement.GetProperty("pid").GetInt32();
    }

    public Task SignalAsync(string signal) => RuncAsync("kill", _id, signal);

    /// <summary>Runs another command inside, under the same limits.</summary>
    public Task<(int Code, string Output)> ExecuteAsync(params string[] arguments) =>
        Command.TryAsync("runc", ["--root", $"{_folder}/state", "exec", _id, .. arguments]);

    /// <summary>Puts another configuration in the place of the one that is mounted.</summary>
    public async Task ConfigureAsync(string text)
    {
        string path = Path.Combine(_folder, "etc", "sluice.yaml");
        await File.WriteAllTextAsync(path + ".new", text, TestContext.Current.CancellationToken);
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Waits for its end.</summary>
    public async Task<int> EndAsync()
    {
        await _process!.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await Command.TryAsync("runc", "--root", $"{_folder}/state", "delete", "--force", _id);
        if (_process is not null)
            await _process.WaitForExitAsync();
        _process?.Dispose();
    }

    private static Container Launch(Image image, ContainerOptions options, params string[] arguments)
    {
        var container = new Container(image.Scratch);
        Bundle.Write(container._folder, image.Root, options, arguments);
        container.Start();
        return container;
    }

    private void Start()
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(Installed.Require("runc"), ["--root", $"{_folder}/state", "run", "--bundle", _folder, _id])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
            EnableRaisingEvents = true,
        };
        _process.OutputDataReceived += Receive;
        _process.ErrorDataReceived += Receive;
        _process.Exited += (_, _) => _news.Release();
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private Task<string> RuncAsync(params string[] arguments) => Command.RunAsync("runc", ["--root", $"{_folder}/state", .. arguments]);

    private void Receive(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null)
            return;
        _lines.Enqueue(line.Data);
        _news.Release();
    }
}
