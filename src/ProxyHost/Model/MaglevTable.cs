using System.Text;
using Sluice.ProxyHost.Configuration;

namespace Sluice.ProxyHost.Model;

/// <summary>
/// Consistent hashing as in "Maglev: A Fast and Reliable Software Network Load Balancer" (2016): every endpoint takes places of a
/// table in an order of its own, in turns, so that a change of the endpoints moves few places beyond those that must move. The same
/// endpoints give the same table in every process and whatever happened before. Immutable.
/// </summary>
internal sealed class MaglevTable
{
    private const int PlacesForEach = 100;

    // Prime, so that every step of an endpoint's order comes to all places.
    private static readonly int[] Sizes = [65_537, 1_048_573, 16_777_213];

    private readonly int[] _places;

    /// <param name="endpoints">Those that may be picked, at least one.</param>
    /// <param name="weights">Of each.</param>
    /// <param name="most">How many there would be with all healthy: a table that grew and shrank with health would move everything.</param>
    public MaglevTable(ReadOnlySpan<EndpointState> endpoints, ReadOnlySpan<int> weights, int most)
    {
        int size = Sizes[^1];
        for (int i = Sizes.Length - 1; i >= 0 && Sizes[i] >= (long)most * PlacesForEach; i--)
            size = Sizes[i];
        _places = new int[size];
        Fill(_places, endpoints, weights);
    }

    /// <summary>The endpoint of a hash, as an index.</summary>
    public int this[ulong hash] => _places[hash % (uint)_places.Length];

    /// <summary>The number of places.</summary>
    public int Size => _places.Length;

    private static void Fill(int[] places, ReadOnlySpan<EndpointState> endpoints, ReadOnlySpan<int> weights)
    {
        Array.Fill(places, -1);
        var next = new long[endpoints.Length];
        var steps = new long[endpoints.Length];
        var credits = new long[endpoints.Length];
        int heaviest = 0;
        for (int i = 0; i < endpoints.Length; i++)
        {
            ulong hash = HashOf(endpoints[i].Config);
            next[i] = (long)(hash % (ulong)places.Length);
            steps[i] = 1 + (long)(SourceHash.Mix(hash) % (ulong)(places.Length - 1));
            heaviest = Math.Max(heaviest, weights[i]);
        }

        for (int taken = 0; ;)
        {
            for (int i = 0; i < endpoints.Length; i++)
            {
                // The heaviest takes a place in every round, the others in as many as their weight is of its.
                if ((credits[i] += weights[i]) < heaviest)
                    continue;
                credits[i] -= heaviest;
                while (places[next[i]] >= 0)
                    next[i] = (next[i] + steps[i]) % places.Length;
                places[next[i]] = i;
                if (++taken == places.Length)
                    return;
            }
        }
    }

    private static ulong HashOf(EndpointConfig endpoint)
    {
        ulong hash = 14695981039346656037;
        foreach (byte octet in Encoding.UTF8.GetBytes(endpoint.Text))
            hash = (hash ^ octet) * 1099511628211;
        return SourceHash.Mix(hash);
    }
}
