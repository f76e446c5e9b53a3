using Sluice.ProxyHost.Cli.Top;

namespace Sluice.ProxyHost.Tests.Cli.Top;

public class TopStateTests
{
    private readonly TopState _state = new(TimeProvider.System);

    [Fact]
    public void Numbers_tab_and_arrows_choose_a_view()
    {
        Press("5");
        Assert.Equal("Connections", Chosen);
        Press(ConsoleKey.Tab);
        Assert.Equal("Rules", Chosen);
        Press(ConsoleKey.Tab, ConsoleModifiers.Shift);
        Press(ConsoleKey.LeftArrow);
        Assert.Equal("Endpoints", Chosen);
        Press("7");
        Press(ConsoleKey.RightArrow);
        Assert.Equal("Overview", Chosen);
        Press("89");
        Assert.Equal("Overview", Chosen);
    }

    [Fact]
    public void A_filter_is_typed_its_pairs_go_to_the_daemon_and_its_words_to_rows()
    {
        Press("5/client=10.0.0.0/8 q&x listener=ü?");
        Assert.False(_state.IsDone);
        Assert.Equal("client=10.0.0.0/8 q&x listener=ü?", _state.Typed);
        Press(ConsoleKey.Backspace);
        Press(ConsoleKey.Enter);
        Assert.Null(_state.Typed);
        Assert.Equal(["q&x"], _state.RowWords);
        Assert.EndsWith("&client=10.0.0.0%2F8&listener=%C3%BC", _state.Query, StringComparison.Ordinal);
        Press(ConsoleKey.Escape);
        Assert.Equal("", _state.Filter);
        Assert.False(_state.IsDone);
        Press(ConsoleKey.Escape);
        Assert.True(_state.IsDone);
    }

    [Fact]
    public void What_is_typed_and_left_changes_nothing()
    {
        Press("/abc");
        Press(ConsoleKey.Escape);
        Assert.Equal((null, "", false), (_state.Typed, _state.Filter, _state.IsDone));
    }

    [Fact]
    public void Pausing_the_list_of_keys_and_leaving()
    {
        Press("p");
        Assert.True(_state.IsPaused);
        Press(" ");
        Assert.False(_state.IsPaused);
        Press("?");
        Assert.True(_state.ShowsKeys);
        Press("q");
        Assert.Equal((false, false), (_state.ShowsKeys, _state.IsDone));
        Press("q");
        Assert.True(_state.IsDone);
    }

    [Fact]
    public void Sorting_connections_by_bytes_asks_the_daemon_for_those_with_most()
    {
        _state.Take(new(Answers.At(1), null, null));
        Press("5");
        List<string> orders = [];
        for (int i = 0; i <= 11; i++)
        {
            _ = TopScreenTests.Lines(_state, 200, 24);
            orders.Add(_state.Query.Split("sort=") is [_, var order] ? order : "");
            Press("s");
        }

        Assert.Equal(["", "newest", "", "", "", "", "oldest", "bytes", "bytes", "bytes", "", ""], orders);
    }

    [Fact]
    public void A_failure_keeps_what_was_known_and_the_next_answer_ends_it()
    {
        _state.Take(new(Answers.At(1, copied: 10), null, null));
        _state.Take(new(null, null, "gone"));
        Assert.Equal("gone", _state.Failure?.Why);
        Assert.NotNull(_state.View);
        DateTimeOffset since = _state.Failure!.Value.Since;
        _state.Take(new(null, null, "still gone"));
        Assert.Equal(since, _state.Failure!.Value.Since);
        _state.Take(new(Answers.At(2, copied: 5, pid: 2), null, null));
        Assert.Null(_state.Failure);
        Assert.NotNull(_state.RestartedAt);
        Assert.Null(_state.Rates!.FromClients);
        _state.Take(new(Answers.At(3, copied: 6, pid: 2), null, null));
        Assert.Equal(1, _state.Rates.FromClients);
        Assert.All(_state.Trend.Last("clients", 10), value => Assert.True(value is null or >= 0));
    }

    private string Chosen => _state.Views[_state.Chosen].Name;

    private void Press(string keys)
    {
        foreach (char key in keys)
            _state.Press(new(key, default, shift: false, alt: false, control: false));
    }

    private void Press(ConsoleKey key, ConsoleModifiers modifiers = default) =>
        _state.Press(new('\0', key, modifiers.HasFlag(ConsoleModifiers.Shift), alt: false, control: false));
}
