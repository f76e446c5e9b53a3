namespace Sluice.Redirect.Maps;

/// <summary>What a map is created with, in the kernel's terms (union bpf_attr of BPF_MAP_CREATE).</summary>
/// <param name="KeySize">Bytes of a key: 4 for a sockmap, <see cref="Verdicts.SocketKey.Size"/> for a sockhash.</param>
/// <param name="MaxEntries">How many entries it holds at most; at least 1.</param>
/// <param name="ValueSize">Bytes of a value: 8, or 4 for a map whose cookies cannot be looked up (ENOSPC).</param>
public readonly record struct MapAttributes(int KeySize, uint MaxEntries, int ValueSize = sizeof(ulong))
{
    /// <summary>The kernel's check of sizes and count.</summary>
    internal Errno Check(int keySize) =>
        KeySize == keySize && MaxEntries > 0 && (ValueSize is sizeof(uint) or sizeof(ulong)) ? Errno.None : Errno.EINVAL;
}
