using Sluice.ProxyHost.Model;

namespace Sluice.ProxyHost.Hosting;

/// <summary>What is drained: a listener, an endpoint of a cluster, or every listener where all is null.</summary>
internal sealed record DrainScope(string? Listener, string? Cluster, string? Endpoint)
{
    /// <summary>Everything it names; otherwise what there is not, in words.</summary>
    public string? Find(ModelSnapshot model, out ListenerState[] listeners, out EndpointState[] endpoints)
    {
        (listeners, endpoints) = ([], []);
        switch (this)
        {
            case { Listener: not null, Cluster: not null } or { Cluster: null, Endpoint: not null } or { Cluster: not null, Endpoint: null }:
                return "name a listener, or a cluster and its endpoint, or nothing for every listener";
            case { Cluster: { } cluster, Endpoint: { } endpoint }:
                endpoints = [.. model.Clusters.Where(known => known.Config.Name == cluster).SelectMany(known => known.Endpoints).Where(known => known.Config.Text == endpoint)];
                return endpoints.Length == 0 ? $"there is no endpoint {endpoint} of a cluster {cluster}" : null;
            case { Listener: { } listener }:
                listeners = [.. model.Listeners.Where(known => known.Config.Name == listener)];
                return listeners.Length == 0 ? $"there is no listener {listener}" : null;
            default:
                listeners = [.. model.Listeners];
                return null;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => this switch
    {
        { Listener: { } listener } => $"listener {listener}",
        { Cluster: { } cluster } => $"endpoint {Endpoint} of cluster {cluster}",
        _ => "every listener",
    };
}
