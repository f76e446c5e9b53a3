using System.Runtime.InteropServices;
using System.Threading.Channels;
using Spectre.Console;

namespace Sluice.ProxyHost.Cli.Top;

/// <summary>
/// The interactive view: answers, keys and changes of the terminal's size come in one after another, and after each the screen is drawn
/// again in one piece. However it ends, the terminal is as it was.
/// </summary>
internal sealed class TopLoop(TopRequest request, LiveSource source, TopState state, IAnsiConsole console) : IDisposable
{
    private const string Enter = "\e[?1049h\e[?25l", Leave = "\e[?25h\e[?1049l";
    private const string Home = "\e[H", Clear = "\e[2J";

    private readonly Channel<Action> _events = Channel.CreateUnbounded<Action>(new() { SingleReader = true });
    private readonly SemaphoreSlim _hurry = new(0);
    private volatile string _query = "";
    private volatile bool _isPaused;
    private (int Width, int Height) _drawn;

    /// <summary>Runs until a key or the token says so.</summary>
    public async Task<int> RunAsync(CancellationTokenSource stop)
    {
        PosixSignalRegistration[] signals = Listen(console);
        (_query, _isPaused) = (state.Query, state.IsPaused);
        console.Write(new ControlCode(Enter));
        Task asking = AskAsync(stop.Token);
        new Thread(ReadKeys) { IsBackground = true, Name = "keys" }.Start();
        try
        {
            do
            {
                while (_events.Reader.TryRead(out Action? happening))
                    happening();
                if (state.IsDone)
                    break;
                // Drawing tells which order to ask for.
                Draw();
                Follow();
            }
            while (await _events.Reader.WaitToReadAsync(stop.Token));
        }
        finally
        {
            await stop.CancelAsync();
            Array.ForEach(signals, signal => signal.Dispose());
            console.Write(new ControlCode(Leave));
            await asking;
        }

        return ExitCode.Success;
    }

    /// <inheritdoc/>
    public void Dispose() => _hurry.Dispose();

    // Another size, and going on after a stop. Ctrl-Z does nothing: the runtime gives no way to put the terminal in order first.
    private PosixSignalRegistration[] Listen(IAnsiConsole screen) => OperatingSystem.IsWindows()
        ? []
        :
        [
            PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => Post(static () => { })),
            PosixSignalRegistration.Create(PosixSignal.SIGTSTP, context => context.Cancel = true),
            PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => Post(() =>
            {
                screen.Write(new ControlCode(Enter));
                _drawn = default;
            })),
        ];

    private void Draw()
    {
        // A terminal that does not know its size is taken for one of the usual.
        (int Width, int Height) now = (Console.WindowWidth is > 0 and var width ? width : 80, Console.WindowHeight is > 0 and var height ? height : 24);
        (console.Profile.Width, console.Profile.Height) = now;
        console.Write(new ControlCode(now == _drawn ? Home : Clear + Home));
        console.Write(new TopScreen(state, request.Admin.Name));
        _drawn = now;
    }

    // What the keys have changed is asked for at once.
    private void Follow()
    {
        (string before, bool wasPaused) = (_query, _isPaused);
        (_query, _isPaused) = (state.Query, state.IsPaused);
        if (_query != before || (wasPaused && !_isPaused))
            _hurry.Release();
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await _hurry.WaitAsync(request.Interval, cancellationToken);
                if (_isPaused)
                    continue;
                LiveAnswer answer = await source.AskAsync(_query, cancellationToken);
                Post(() =>
                {
                    if (!state.IsPaused)
                        state.Take(answer);
                });
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Time to go.
        }
    }

    // Reading blocks; the thread ends with the process.
    private void ReadKeys()
    {
        try
        {
            while (true)
            {
                ConsoleKeyInfo key = Console.ReadKey(intercept: true);
                Post(() => state.Press(key));
            }
        }
        catch (Exception gone) when (gone is InvalidOperationException or IOException)
        {
            // There is no terminal any more.
            Post(() => state.Press(new('q', ConsoleKey.Q, shift: false, alt: false, control: false)));
        }
    }

    private void Post(Action happening) => _events.Writer.TryWrite(happening);
}
