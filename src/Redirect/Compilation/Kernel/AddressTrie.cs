using System.Collections.Immutable;
using Sluice.Redirect.Bpf;

namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>
/// A set of addresses that is too large to be code: a BPF_MAP_TYPE_LPM_TRIE with keys of 20 bytes, the prefix length as a
/// 32-bit number and 16 bytes of address (IPv4 mapped), values of 4 bytes that do not matter, and BPF_F_NO_PREALLOC.
/// </summary>
/// <param name="Map">What the program calls it.</param>
/// <param name="Keys">What it has to hold, ready for bpf(2).</param>
public sealed record AddressTrie(MapReference Map, ImmutableArray<ImmutableArray<byte>> Keys)
{
    /// <summary>Bytes of a key.</summary>
    public const int KeySize = 20;

    /// <summary>Bytes of a value.</summary>
    public const int ValueSize = 4;
}
