using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Configuration;

/// <summary>A way that connections of a listener may take instead of its own cluster.</summary>
/// <param name="Name">Unique in its listener. Default: route- and its place in the list, from 1.</param>
/// <param name="When">What must hold at the beginning of the connection.</param>
/// <param name="Cluster">The name of a cluster of this configuration.</param>
public sealed record RouteConfig(string Name, Predicate When, string Cluster);
