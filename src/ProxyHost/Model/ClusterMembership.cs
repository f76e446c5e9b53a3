namespace Sluice.ProxyHost.Model;

/// <summary>
/// Which endpoints of a cluster take new connections, and with which weights, at one moment. It is replaced as a whole when
/// health, weights or the endpoints change, so whoever has read it once sees one consistent set. Immutable.
/// </summary>
internal sealed class ClusterMembership
{
    /// <param name="endpoints">Those that may be picked, in the order of the configuration.</param>
    /// <param name="spares">What is tried after all of them have failed, in order.</param>
    /// <param name="weights">Of each of the endpoints.</param>
    /// <param name="isPanic">Too few are healthy, so that those that are not are used too.</param>
    /// <param name="maglev">Where sources lead; null for other ways of balancing.</param>
    public ClusterMembership(
        EndpointState[] endpoints, EndpointState[] spares, ReadOnlySpan<int> weights, bool isPanic, MaglevTable? maglev = null)
    {
        (Endpoints, Spares, IsPanic, Maglev) = (endpoints, spares, isPanic, maglev);
        Weights = new WeightTable(weights);
    }

    /// <summary>Those that may be picked, in the order of the configuration.</summary>
    public EndpointState[] Endpoints { get; }

    /// <summary>The healthy ones of other priorities: tried for a connection once all of <see cref="Endpoints"/> have failed it.</summary>
    public EndpointState[] Spares { get; }

    /// <summary>The weights in effect.</summary>
    public WeightTable Weights { get; }

    /// <summary>Too few are healthy, so that those that are not are used too.</summary>
    public bool IsPanic { get; }

    /// <summary>Where sources lead; null for other ways of balancing.</summary>
    public MaglevTable? Maglev { get; }

    /// <summary>How many attempts a round has.</summary>
    public int Count => Endpoints.Length + Spares.Length;

    /// <summary>The endpoint of one attempt of a round that began with <paramref name="first"/>: the others in order, then the spares.</summary>
    public EndpointState At(int first, int attempt)
    {
        if (attempt >= Endpoints.Length)
            return Spares[attempt - Endpoints.Length];
        int index = first + attempt;
        return Endpoints[index < Endpoints.Length ? index : index - Endpoints.Length];
    }

    /// <summary>
    /// The same where endpoints have limits: those that are full are passed over, and the one that is not has one place taken. A
    /// round's first attempt stays within the endpoints: being full is no failure. Null when all are full.
    /// </summary>
    public EndpointState? TryTake(int first, ref int attempt)
    {
        int end = attempt == 0 ? Endpoints.Length : Count;
        while (attempt < end)
        {
            EndpointState endpoint = At(first, attempt++);
            if (endpoint.TryDial())
                return endpoint;
        }

        return null;
    }
}
