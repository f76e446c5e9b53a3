using System.Net;
using BenchmarkDotNet.Attributes;
using Sluice.Redirect;
using Sluice.Redirect.Maps;
using Sluice.Redirect.Verdicts;

namespace Sluice.Micro;

/// <summary>What a redirect by 4-tuple asks of the map: one lookup, which takes no lock and allocates nothing.</summary>
[MemoryDiagnoser]
public class SockHashBenchmark
{
    private const int Lookups = 1024;
    private readonly SocketKey[] _keys = new SocketKey[Lookups];
    private readonly SocketKey[] _missing = new SocketKey[Lookups];
    private SockHash _map = null!;

    [Params(1_000, 20_000)]
    public int Entries { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        Require(SockHash.Create(new MapAttributes(SocketKey.Size, (uint)Entries), out SockHash? map));
        _map = map!;
        for (int i = 0; i < Entries; i++)
            Require(_map.Update(KeyOf(i), new Held((ulong)i + 1)));

        // Spread over the map, as the connections are that happen to have bytes.
        for (int i = 0; i < Lookups; i++)
        {
            _keys[i] = KeyOf((int)((long)i * 7919 % Entries));
            _missing[i] = KeyOf(i).Reversed();
        }
    }

    [Benchmark(OperationsPerInvoke = Lookups, Baseline = true)]
    public int Found() => Count(_keys);

    [Benchmark(OperationsPerInvoke = Lookups)]
    public int Missing() => Count(_missing);

    private int Count(SocketKey[] keys)
    {
        int found = 0;
        foreach (ref readonly SocketKey key in keys.AsSpan())
            found += _map.Find(key) is null ? 0 : 1;
        return found;
    }

    private static SocketKey KeyOf(int number) => SocketKey.From(
        new IPEndPoint(new IPAddress([10, 1, (byte)(number >> 14), (byte)(number >> 8)]), 20000 + (number & 0x3FFF)),
        new IPEndPoint(IPAddress.Loopback, 7000));

    private static void Require(Errno errno)
    {
        if (errno != Errno.None)
            throw new InvalidOperationException($"The map said {errno}");
    }

    private sealed class Held(ulong cookie) : IMapSocket
    {
        private SocketMemberships _memberships;

        public ulong Cookie => cookie;

        public bool IsOpen => true;

        public bool AllowsRedirect => true;

        public ref SocketMemberships Memberships => ref _memberships;

        public Errno CheckState() => Errno.None;

        public void OnMembershipsChanged()
        {
        }
    }
}
