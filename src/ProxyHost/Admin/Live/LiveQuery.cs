using Sluice.ProxyHost.Connections;
using Sluice.ProxyHost.Model;

namespace Sluice.ProxyHost.Admin.Live;

/// <summary>What a query of /live asks for: connections as /connections does, their order, and how much of each list.</summary>
internal sealed class LiveQuery
{
    private const int Shown = 50;
    private const int Most = 1000;
    private const string Newest = "newest", Oldest = "oldest", Bytes = "bytes";
    private static readonly string[] Orders = [Newest, Oldest, Bytes];

    private readonly ConnectionFilter _filter;
    private readonly string? _order;

    private LiveQuery(QueryWords words, ProxyModel model, List<ProxiedConnection> open)
    {
        _filter = ConnectionFilter.Read(words, model, open, Shown, Most);
        _order = words.OneOf("sort", () => Orders);
        MostEndpoints = NumberOf(words, "endpoints");
        MostEnds = NumberOf(words, "ends");
    }

    /// <summary>Endpoints of each cluster.</summary>
    public int MostEndpoints { get; }

    /// <summary>Abnormal ends.</summary>
    public int MostEnds { get; }

    /// <summary>Reads a query.</summary>
    /// <param name="query">Of the request.</param>
    /// <param name="model">Knows the names there are.</param>
    /// <param name="open">Connections, whose listeners may have been removed meanwhile.</param>
    /// <param name="problem">What is wrong and what is allowed; null where nothing is.</param>
    public static LiveQuery Read(IQueryCollection query, ProxyModel model, List<ProxiedConnection> open, out string? problem)
    {
        var words = new QueryWords(query);
        var read = new LiveQuery(words, model, open);
        problem = words.Problem();
        return read;
    }

    /// <summary>Those that it asks for, in its order.</summary>
    public LiveList<ConnectionView> Choose(List<ProxiedConnection> open)
    {
        List<ProxiedConnection> found = open.FindAll(_filter.Matches);
        // The order goes by what each had when it was looked at, once: bytes move meanwhile.
        IEnumerable<ProxiedConnection> ordered = _order switch
        {
            Oldest => found.OrderBy(one => one.Id),
            Bytes => found.OrderByDescending(one => one.BytesFromClient + one.BytesFromUpstream),
            _ => found.OrderByDescending(one => one.Id),
        };
        return new(found.Count, [.. ordered.Take(_filter.Limit).Select(ConnectionView.Of)]);
    }

    private static int NumberOf(QueryWords words, string name) =>
        words.TryParse(name, static text => QueryWords.Number(text, Most), out int number) ? number : Shown;
}
