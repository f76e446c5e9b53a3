using Sluice.ProxyHost.Connections;
using Sluice.ProxyHost.Model;
using Sluice.Redirect.Verdicts;

namespace Sluice.ProxyHost.Cli.Explain;

/// <summary>Which route the first bytes of a connection take, told piece by piece as the routes come to know of them.</summary>
internal sealed class RouteReplay(RouteTable table, MessageContext context, GivenStream stream)
{
    private readonly RouteInspection _inspection = new(table, context);

    /// <summary>The index of the route, once <see cref="Print"/> has found it.</summary>
    public int Route => _inspection.Route;

    /// <summary>Tells it. How many pieces lie in the socket when the route is known: what is read first is all of them.</summary>
    public int Print(Page page)
    {
        if (_inspection.Inspect(default, isFinal: false))
        {
            page.Line($"before the first byte: {Taken()}");
            return 0;
        }
        int seen = 0;
        for (int i = 0; i < stream.Pieces.Count; i++)
        {
            int before = seen;
            seen = Math.Min(stream.Pieces[i].End.Value, table.Limits.MaxBytes);
            if (Inspect(_inspection, seen, isLast: false))
            {
                page.Line($"{Amounts.Bytes(stream.Pieces[i].End.Value)} at hand: {Taken()}; {Decisive(before, seen)}");
                return i + 1;
            }
            string name = table.NameOf(_inspection.Route)!;
            string orMessage = table.Parser is null ? "" : ", or the first message is whole";
            page.Line($"{Amounts.Bytes(seen)} at hand: route {name} waits until there are {_inspection.Ruling.NeededBytes}{orMessage}");
        }
        Inspect(_inspection, seen, isLast: true);
        page.Line($"no more after {Amounts.Time(table.Limits.Timeout)}, or FIN: {Taken()}");
        return stream.Pieces.Count;
    }

    // As the transports ask: all that has come so far, and for the last time with the most that may be looked at.
    private bool Inspect(RouteInspection inspection, int count, bool isLast)
    {
        bool isFinal = isLast || count == table.Limits.MaxBytes;
        return inspection.Inspect(stream.Bytes.AsSpan(0, count), isFinal) || isFinal;
    }

    private string Taken() =>
        $"{(table.NameOf(Route) is { } name ? $"route {name}" : "no route holds")}, to cluster {table.ClusterOf(Route).Cluster.Config.Name}";

    // Had they come one by one.
    private string Decisive(int undecided, int decided)
    {
        int first = Enumerable.Range(undecided + 1, decided - undecided).First(n => Inspect(new RouteInspection(table, context), n, isLast: false));
        return first == 1 ? "the first byte decides" : $"the first {first} bytes decide";
    }
}
