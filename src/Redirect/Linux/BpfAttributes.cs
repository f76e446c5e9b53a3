using System.Runtime.InteropServices;

namespace Sluice.Redirect.Linux;

// Members of union bpf_attr (uapi/linux/bpf.h), each only as far as it is used: what is left out counts as zero.

/// <summary>BPF_MAP_CREATE.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MapCreateAttributes
{
    internal BpfMapType Type;
    internal uint KeySize;
    internal uint ValueSize;
    internal uint MaxEntries;
    internal uint Flags;
    internal int InnerMapFd;
    internal uint NumaNode;
    internal BpfName Name;
    internal uint InterfaceIndex;
    internal int BtfFd;
    internal uint BtfKeyType;
    internal uint BtfValueType;
}

/// <summary>BPF_MAP_*_ELEM and BPF_MAP_GET_NEXT_KEY.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MapElementAttributes
{
    internal int MapFd;
    internal uint Padding;
    internal ulong Key;
    internal ulong Value;
    internal ulong Flags;
}

/// <summary>BPF_PROG_LOAD.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ProgramLoadAttributes
{
    internal BpfProgramType Type;
    internal uint InstructionCount;
    internal ulong Instructions;
    internal ulong License;
    internal uint LogLevel;
    internal uint LogSize;
    internal ulong Log;
    internal uint KernelVersion;
    internal uint Flags;
    internal BpfName Name;
    internal uint InterfaceIndex;
    internal uint ExpectedAttachType;
}

/// <summary>BPF_PROG_ATTACH and BPF_PROG_DETACH.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ProgramAttachAttributes
{
    internal int MapFd;
    internal int ProgramFd;
    internal uint AttachType;
    internal uint Flags;
}

/// <summary>BPF_PROG_TEST_RUN.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TestRunAttributes
{
    internal int ProgramFd;
    internal uint ReturnValue;
    internal uint DataSizeIn;
    internal uint DataSizeOut;
    internal ulong DataIn;
    internal ulong DataOut;
    internal uint Repeat;
    internal uint DurationNanoseconds;
}

/// <summary>BPF_OBJ_GET_INFO_BY_FD.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ObjectInfoAttributes
{
    internal int Fd;
    internal uint Size;
    internal ulong Info;
}

/// <summary>BPF_BTF_LOAD.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BtfLoadAttributes
{
    internal ulong Btf;
    internal ulong Log;
    internal uint Size;
    internal uint LogSize;
    internal uint LogLevel;
    internal uint Padding;
}

/// <summary>BPF_LINK_CREATE.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LinkCreateAttributes
{
    internal int ProgramFd;
    internal int MapFd;
    internal uint AttachType;
    internal uint Flags;
}

/// <summary>BPF_LINK_UPDATE.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LinkUpdateAttributes
{
    internal int LinkFd;
    internal int NewProgramFd;
    internal uint Flags;
    internal int OldProgramFd;
}
