using Spectre.Console.Rendering;

namespace Sluice.ProxyHost.Cli.Top;

/// <summary>A view that is one list.</summary>
/// <param name="name">In the bar above.</param>
/// <param name="columns">May look at the scene.</param>
/// <param name="rows">Of a scene.</param>
/// <param name="note">Stands below: what is not shown.</param>
internal sealed class ListView<T>(string name, Func<TopScene, Column<T>[]> columns, Func<TopScene, IReadOnlyList<T>> rows, Func<TopScene, string> note) : ITopView
{
    private int _column = -1;
    private int _columns;
    private bool _isReversed;
    private int _offset;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string? ServerOrder { get; private set; }

    /// <inheritdoc/>
    public void SortBy(int step)
    {
        // One place more than there are columns: the daemon's own order.
        if (_columns > 0)
            _column = (((_column + 1 + step) % (_columns + 1)) + _columns + 1) % (_columns + 1) - 1;
        _isReversed = false;
    }

    /// <inheritdoc/>
    public void Reverse() => _isReversed = !_isReversed;

    /// <inheritdoc/>
    public void Scroll(int by) => _offset = Math.Max(0, _offset + by);

    /// <inheritdoc/>
    public IReadOnlyList<List<Segment>> Draw(TopScene scene, int width, int height)
    {
        Column<T>[] all = columns(scene);
        _columns = all.Length;
        Column<T>? sorted = _column >= 0 ? all[_column] : null;
        ServerOrder = sorted?.ServerOrder is { } order && !(_isReversed && order == "bytes") ? (_isReversed && order == "oldest" ? "newest" : order) : null;
        T[] fitting = [.. rows(scene).Where(row => Fits(scene, all, row))];
        T[] ordered = sorted is null ? (_isReversed ? [.. fitting.Reverse()] : fitting) : [.. sorted.Sort(fitting, _isReversed)];
        int room = Math.Max(1, height - 3);
        _offset = Math.Clamp(_offset, 0, Math.Max(0, ordered.Length - room));
        List<List<Segment>> lines = Listing.Draw(all, [.. ordered.Skip(_offset).Take(room)], width, scene.Glyphs, sorted?.Name, sorted is not null && sorted.IsNumber != _isReversed);
        lines.Add([]);
        string left = ordered.Length > room ? $"{_offset + 1} to {Math.Min(_offset + room, ordered.Length)} of {ordered.Length}. " : ordered.Length == 0 ? "Nothing to show. " : "";
        lines.Add([new Segment(Listing.Cut(left + note(scene), width, scene.Glyphs), Tones.Quiet)]);
        return lines;
    }

    private static bool Fits(TopScene scene, Column<T>[] columns, T row) =>
        Array.TrueForAll(scene.Filter, word => Array.Exists(columns, column => column.Text(row).Contains(word, StringComparison.OrdinalIgnoreCase)));
}
