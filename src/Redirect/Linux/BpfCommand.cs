namespace Sluice.Redirect.Linux;

/// <summary>Commands of bpf(2) (enum bpf_cmd, uapi/linux/bpf.h).</summary>
internal enum BpfCommand
{
    MapCreate = 0,
    MapLookup = 1,
    MapUpdate = 2,
    MapDelete = 3,
    MapNextKey = 4,
    ProgramLoad = 5,
    ProgramAttach = 8,
    ProgramDetach = 9,
    ProgramTestRun = 10,
    ObjectInfo = 15,
    BtfLoad = 18,
    LinkCreate = 28,
    LinkUpdate = 29,
}

/// <summary>Kinds of map (enum bpf_map_type).</summary>
internal enum BpfMapType : uint
{
    /// <summary>Any fixed-size key.</summary>
    Hash = 1,

    /// <summary>Index; values start as zeros and are never deleted.</summary>
    Array = 2,

    /// <summary>An array of which every CPU has its own values; a lookup reads those of all.</summary>
    PerCpuArray = 6,

    /// <summary>Longest prefix match; a key is a prefix length of 4 bytes and then the address. Takes BPF_F_NO_PREALLOC.</summary>
    LpmTrie = 11,

    /// <summary>Sockets under an index.</summary>
    SockMap = 15,

    /// <summary>Sockets under any fixed-size key.</summary>
    SockHash = 18,

    /// <summary>Values that belong to sockets. Needs BTF, see <see cref="BpfMap.CreateSkStorage"/>.</summary>
    SkStorage = 24,

    /// <summary>Records from programs to user space, see <see cref="RingBufferReader"/>.</summary>
    RingBuffer = 27,
}

/// <summary>Kinds of program (enum bpf_prog_type).</summary>
internal enum BpfProgramType : uint
{
    /// <summary>Traffic control; what can be run by BPF_PROG_TEST_RUN.</summary>
    SchedCls = 3,

    /// <summary>Judges or frames what arrives at a socket.</summary>
    SkSkb = 14,

    /// <summary>Judges what a socket sends.</summary>
    SkMsg = 16,
}

/// <summary>Flags of map creation.</summary>
internal static class BpfMapFlags
{
    /// <summary>BPF_F_NO_PREALLOC: memory is taken as entries come.</summary>
    internal const uint NoPreallocation = 1;

    /// <summary>BPF_F_MMAPABLE: an array that user space maps, see <see cref="MappedArray{T}"/>.</summary>
    internal const uint Mappable = 1 << 10;
}
