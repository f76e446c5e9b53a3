using System.Diagnostics.CodeAnalysis;
using Sluice.ProxyHost.Configuration.Types;

namespace Sluice.ProxyHost.Configuration.Sections;

/// <summary>The table of one of a cluster's <c>endpoints</c>, which may also be an address alone.</summary>
internal static class EndpointSection
{
    private static readonly Key<EndpointConfig, EndpointConfig> Address = new("address", new EndpointType(), e => e)
    {
        Summary = "Where the endpoint is.",
        Example = "10.0.0.5:6379",
    };

    private static readonly Key<EndpointConfig, int> Weight = new("weight", new IntegerType(1, EndpointConfig.MostWeight), e => e.Weight)
    {
        Summary = "Its share of new connections, relative to the weights of the others of its priority.",
        Example = "3",
        Default = 1,
    };

    private static readonly Key<EndpointConfig, int> Priority = new("priority", new IntegerType(0, EndpointConfig.LastPriority), e => e.Priority)
    {
        Summary = "Connections go to the lowest number that has healthy endpoints, and come back to it when it has them again.",
        Example = "1",
        Default = 0,
    };

    private static readonly Key<EndpointConfig, int> MaxConnections =
        new("max_connections", new OptionalType<int>(Limits.Connections, 0), e => e.MaxConnections)
        {
            Summary = "Connections at a time to this endpoint, those being dialled included. The others take what is beyond; when all are full, see `queue`.",
            Example = "100",
            Default = 0,
        };

    public static YamlType<EndpointConfig> Type { get; } = new ShorthandType<EndpointConfig, EndpointConfig>(
        new EndpointType(),
        new Section<EndpointConfig>(
            [Address, Weight, Priority, MaxConnections],
            v => v.Of(Address) with { Weight = v.Of(Weight), Priority = v.Of(Priority), MaxConnections = v.Of(MaxConnections) }),
        endpoint => endpoint,
        (EndpointConfig endpoint, [MaybeNullWhen(false)] out EndpointConfig word) =>
        {
            word = endpoint;
            return endpoint is { Weight: 1, Priority: 0, MaxConnections: 0 };
        });
}
