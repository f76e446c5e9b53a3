using System.Net;
using BenchmarkDotNet.Attributes;
using Sluice.Redirect.Rules;

namespace Sluice.Micro;

/// <summary>
/// What it costs to ask whether an address is in a set of prefixes: for random IPv4 prefixes, and for IPv6 prefixes that are
/// all below one /32, as a provider's customers are. Half of the addresses asked for are inside.
/// </summary>
[MemoryDiagnoser]
public class PrefixSetBenchmark
{
    private const int Lookups = 4096;
    private readonly UInt128[] _addresses = new UInt128[Lookups];
    private PrefixSet _set = null!;

    [Params(1, 10_000)]
    public int Prefixes { get; set; }

    [Params("IPv4", "IPv6")]
    public string Family { get; set; } = "IPv4";

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(1);
        IPNetwork[] prefixes = [.. Enumerable.Range(0, Prefixes).Select(_ => Family == "IPv4" ? RandomIPv4(random) : BelowOnePrefix(random))];
        _set = new PrefixSet(prefixes);
        for (int i = 0; i < Lookups; i++)
        {
            IPNetwork near = prefixes[random.Next(prefixes.Length)];
            UInt128 network = Number(near.BaseAddress);
            int free = (Family == "IPv4" ? 32 : 128) - near.PrefixLength;
            UInt128 host = new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64()) & ((UInt128.One << free) - 1);
            // Outside, it differs from a prefix that is in the set in the prefix's own bits.
            UInt128 other = random.Next(2) == 0 ? 0 : (UInt128)(uint)random.Next(1, 256) << free;
            _addresses[i] = network ^ other | host;
        }
    }

    [Benchmark(OperationsPerInvoke = Lookups)]
    public int Contains()
    {
        int inside = 0;
        foreach (UInt128 address in _addresses)
            inside += _set.Contains(address) ? 1 : 0;
        return inside;
    }

    private static IPNetwork RandomIPv4(Random random)
    {
        int length = random.Next(16, 29);
        uint address = (uint)random.NextInt64(1L << 32) & (uint.MaxValue << (32 - length));
        return new IPNetwork(new IPAddress([(byte)(address >> 24), (byte)(address >> 16), (byte)(address >> 8), (byte)address]), length);
    }

    private static IPNetwork BelowOnePrefix(Random random)
    {
        byte[] bytes = [0x20, 0x01, 0x0d, 0xb8, (byte)random.Next(256), (byte)random.Next(256), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        int length = random.Next(2) == 0 ? 48 : 56;
        bytes[6] = length == 56 ? (byte)random.Next(256) : (byte)0;
        return new IPNetwork(new IPAddress(bytes), length);
    }

    private static UInt128 Number(IPAddress address) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(address.MapToIPv6().GetAddressBytes());
}
