using System.Collections.Concurrent;
using System.Diagnostics;
using Sluice.Load.Kernel;

namespace Sluice.Load.Proxies;

/// <summary>A program the tool started, with its children; ended with the tool, its last words kept for error messages.</summary>
internal sealed class ChildProcess : IDisposable
{
    private const int KeptLines = 20;
    private const int GraceMs = 3000;
    private static readonly ConcurrentDictionary<int, ChildProcess> Running = new();
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    public ChildProcess(string program, IEnumerable<string> arguments, string workingDirectory)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        StartedAt = Stopwatch.GetTimestamp();
        _process.Start();
        Running[_process.Id] = this;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Just before fork and exec, as a <see cref="Stopwatch"/> timestamp.</summary>
    public long StartedAt { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>The process and, for programs with workers, its children.</summary>
    public IReadOnlyList<int> Pids =>
        [_process.Id, .. ReadChildren(_process.Id).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];

    public string LastWords
    {
        get
        {
            // Waits for the rest of the output too, which may come after the end.
            if (_process.HasExited)
                _process.WaitForExit();
            return string.Join('\n', _output);
        }
    }

    public static void KillAll()
    {
        foreach (ChildProcess child in Running.Values)
            child.Dispose();
    }

    public void Dispose()
    {
        if (!Running.TryRemove(_process.Id, out _))
            return;
        // Asked first, so that a master reaps its workers.
        _ = Libc.Kill(_process.Id, Libc.SigTerm);
        if (!_process.WaitForExit(GraceMs))
            _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private static string ReadChildren(int pid)
    {
        string path = $"/proc/{pid}/task/{pid}/children";
        return File.Exists(path) ? File.ReadAllText(path) : "";
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        _output.Enqueue(line);
        while (_output.Count > KeptLines)
            _output.TryDequeue(out _);
    }
}
