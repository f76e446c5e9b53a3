using Spectre.Console.Rendering;

namespace Sluice.ProxyHost.Cli.Top;

/// <summary>One of the views that the keys choose from. It remembers how it is sorted and scrolled; one thread uses it.</summary>
internal interface ITopView
{
    /// <summary>In the bar above.</summary>
    string Name { get; }

    /// <summary>The order to ask the daemon for; null: its own.</summary>
    string? ServerOrder { get; }

    /// <summary>Lines of at most so many cells, at most so many of them.</summary>
    IReadOnlyList<List<Segment>> Draw(TopScene scene, int width, int height);

    /// <summary>Sorts by another column.</summary>
    void SortBy(int step);

    /// <summary>Sorts the other way round.</summary>
    void Reverse();

    /// <summary>Goes up or down by so many rows.</summary>
    void Scroll(int rows);
}
