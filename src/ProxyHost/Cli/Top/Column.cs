using Spectre.Console;

namespace Sluice.ProxyHost.Cli.Top;

/// <summary>A column of a list.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="Rank">Where the terminal is too narrow for all, those with the highest numbers are left out first; 0 stays.</param>
/// <param name="Text">What stands in a row, of any origin.</param>
/// <param name="Order">What rows are sorted by; null: the text.</param>
/// <param name="IsNumber">It stands to the right, and is sorted from the most down.</param>
/// <param name="Look">How it looks; null: plain.</param>
/// <param name="ServerOrder">The order to ask the daemon for as well, which knows more rows than it sends.</param>
internal sealed record Column<T>(
    string Name,
    int Rank,
    Func<T, string> Text,
    Func<T, IComparable?>? Order = null,
    bool IsNumber = false,
    Func<T, Style>? Look = null,
    string? ServerOrder = null)
{
    /// <summary>A column of numbers.</summary>
    public static Column<T> Number(string name, int rank, Func<T, IComparable?> order, Func<T, string> text, Func<T, Style>? look = null, string? serverOrder = null) =>
        new(name, rank, text, order, IsNumber: true, look, serverOrder);

    /// <summary>The rows in this column's order; those that have no value come last.</summary>
    public IEnumerable<T> Sort(IEnumerable<T> rows, bool isReversed)
    {
        Func<T, IComparable?> order = Order ?? Text;
        IOrderedEnumerable<T> known = rows.OrderBy(row => order(row) is null);
        return IsNumber != isReversed ? known.ThenByDescending(order) : known.ThenBy(order);
    }
}
