using System.Net;
using Sluice.Programs.Processes;

namespace Sluice.Oracle.Ways;

/// <summary>A way from clients to the two servers: to the one that waits for the client's word, and to the one that speaks first.</summary>
internal sealed record Way(string Name, EndPoint ClientFirst, EndPoint ServerFirst)
{
    /// <summary>No proxy at all.</summary>
    public static Way Direct(Venue venue) => new("direct", venue.ClientFirst.EndPoint, venue.ServerFirst.EndPoint);

    /// <summary>Through the daemon.</summary>
    public static Way Through(string name, SluiceProcess sluice, Venue venue) => new(name, sluice.To(venue.ClientFirst.Address), sluice.To(venue.ServerFirst.Address));
}
