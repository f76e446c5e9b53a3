using Sluice.ProxyHost.Admin.Live;

namespace Sluice.ProxyHost.Cli.Top;

/// <summary>What `sluice top` knows and what its keys have changed. One thread uses it.</summary>
internal sealed class TopState(TimeProvider clock)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    // The answers of the last minute, the oldest first.
    private readonly List<LiveView> _past = [];

    /// <summary>What the keys choose from.</summary>
    public ITopView[] Views { get; } = TopViews.Create();

    /// <summary>The index of the one that is shown.</summary>
    public int Chosen { get; private set; }

    /// <summary>The last values.</summary>
    public Trend Trend { get; } = new();

    /// <summary>The last answer; null before the first.</summary>
    public LiveView? View { get; private set; }

    /// <summary>Of it and those before.</summary>
    public LiveRates? Rates { get; private set; }

    /// <summary>Why there is no answer now, and since when; null while there is.</summary>
    public (string Why, DateTimeOffset Since)? Failure { get; private set; }

    /// <summary>What the daemon finds wrong with the filter.</summary>
    public string? Refused { get; private set; }

    /// <summary>When another process has begun to answer; null where none has.</summary>
    public DateTimeOffset? RestartedAt { get; private set; }

    /// <summary>Nothing new is shown.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>The list of keys is shown.</summary>
    public bool ShowsKeys { get; private set; }

    /// <summary>Time to go.</summary>
    public bool IsDone { get; private set; }

    /// <summary>What is being typed as a filter; null while nothing is.</summary>
    public string? Typed { get; private set; }

    /// <summary>The filter in force: words, some of them for the daemon.</summary>
    public string Filter { get; private set; } = "";

    /// <summary>The words that rows must have.</summary>
    public string[] RowWords => [.. Words.Where(word => !IsForDaemon(word))];

    /// <summary>What to ask the daemon.</summary>
    public string Query => LiveSource.QueryOf(Words.Where(IsForDaemon), Views[Chosen].ServerOrder);

    private string[] Words => Filter.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>An answer has come, or none.</summary>
    public void Take(LiveAnswer answer)
    {
        Refused = answer.Refused;
        if (answer.Failure is { } why)
        {
            Failure = (why, Failure?.Since ?? clock.GetUtcNow());
            return;
        }

        Failure = null;
        if (answer.View is { } view)
            Show(view);
    }

    /// <summary>A key was pressed.</summary>
    public void Press(ConsoleKeyInfo key)
    {
        if (key is { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control })
            IsDone = true;
        else if (Typed is not null)
            Type(key);
        else if (ShowsKeys)
            ShowsKeys = false;
        else
            Command(key);
    }

    private void Command(ConsoleKeyInfo key)
    {
        ITopView view = Views[Chosen];
        if (key.KeyChar - '1' is >= 0 and var number && number < Views.Length)
            Chosen = number;
        else if (key.Key == ConsoleKey.Tab)
            Choose(key.Modifiers == ConsoleModifiers.Shift ? -1 : 1);
        else if (key.KeyChar is 'q' or 'Q' || key.Key == ConsoleKey.Escape && Filter.Length == 0)
            IsDone = true;
        else if (key.Key == ConsoleKey.Escape)
            Filter = "";
        else if (key.KeyChar is '?' or 'h')
            ShowsKeys = true;
        else if (key.KeyChar is 'p' or ' ')
            IsPaused = !IsPaused;
        else if (key.KeyChar == '/')
            Typed = Filter;
        else if (key.KeyChar is 's' or 'S')
            view.SortBy(key.KeyChar == 's' ? 1 : -1);
        else if (key.KeyChar == 'r')
            view.Reverse();
        else
            Move(key.Key, view);
    }

    private void Move(ConsoleKey key, ITopView view)
    {
        const int Page = 10;
        const int Far = 1_000_000;
        switch (key)
        {
            case ConsoleKey.RightArrow: Choose(1); break;
            case ConsoleKey.LeftArrow: Choose(-1); break;
            case ConsoleKey.DownArrow: view.Scroll(1); break;
            case ConsoleKey.UpArrow: view.Scroll(-1); break;
            case ConsoleKey.PageDown: view.Scroll(Page); break;
            case ConsoleKey.PageUp: view.Scroll(-Page); break;
            case ConsoleKey.End: view.Scroll(Far); break;
            case ConsoleKey.Home: view.Scroll(-Far); break;
        }
    }

    private void Choose(int step) => Chosen = (Chosen + step + Views.Length) % Views.Length;

    private void Type(ConsoleKeyInfo key)
    {
        if (key.Key == ConsoleKey.Enter)
            (Filter, Typed) = (Typed!.Trim(), null);
        else if (key.Key == ConsoleKey.Escape)
            Typed = null;
        else if (key.Key == ConsoleKey.Backspace)
            Typed = Typed!.Length > 0 ? Typed[..^1] : Typed;
        else if (!char.IsControl(key.KeyChar) && key.KeyChar != '\0')
            Typed += key.KeyChar;
    }

    private static bool IsForDaemon(string word) => word.IndexOf('=', StringComparison.Ordinal) > 0;

    private void Show(LiveView view)
    {
        while (_past.Count > 1 && _past[1].ClockSeconds <= view.ClockSeconds - Minute.TotalSeconds)
            _past.RemoveAt(0);
        Rates = new LiveRates(_past.LastOrDefault(), view, _past.FirstOrDefault());
        if (Rates.IsRestart)
        {
            RestartedAt = view.StartedAt;
            _past.Clear();
        }

        _past.Add(view);
        View = view;
        Trend.Add("clients", Rates.FromClients);
        Trend.Add("upstreams", Rates.FromUpstreams);
        Trend.Add("open", view.OpenConnections);
        Trend.Add("accepted", Rates.AcceptedAll);
        Trend.Add("connect", Rates.ConnectsNow.Quantile(0.99));
        Trend.Add("wait", Rates.WaitsNow.Quantile(0.99));
        Trend.Add("abnormal", Rates.AbnormalNow);
    }
}
