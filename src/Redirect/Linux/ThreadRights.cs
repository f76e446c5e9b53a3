namespace Sluice.Redirect.Linux;

/// <summary>
/// The rights of the calling thread. The kernel keeps them for each thread, and a thread begins with those of the one that made it
/// (capabilities(7)).
/// </summary>
internal static unsafe class ThreadRights
{
    private const uint Version3 = 0x20080522; // _LINUX_CAPABILITY_VERSION_3
    private const int KeepCapabilities = 8, DropFromBoundingSet = 24, NoNewPrivileges = 38, HasNoNewPrivileges = 39, Ambient = 47; // uapi/linux/prctl.h
    private const int ClearAmbient = 4;
    private const int Bits = 64;

    /// <summary>True once this process has set no_new_privs for itself: until then the capabilities of its file did count.</summary>
    internal static bool IsNoNewPrivilegesOurs { get; private set; }

    /// <summary>Its capabilities; minus an errno where the kernel does not tell.</summary>
    internal static int Read(out CapabilitySets sets)
    {
        uint* header = stackalloc uint[2] { Version3, 0 };
        uint* data = stackalloc uint[6]; // effective, permitted, inheritable: the low words, then the high ones
        int result = Syscall.Check(Libc.capget(header, data));
        sets = result < 0 ? default : new(Word(data, 0), Word(data, 1), Word(data, 2));
        return result;
    }

    /// <summary>What is permitted stays so when the user is no longer root; it is not in effect until it is asked for again.</summary>
    internal static int KeepPermitted() => Syscall.Check(Libc.prctl(KeepCapabilities, 1, 0, 0, 0));

    /// <summary>
    /// Keeps these capabilities as far as they are permitted, in effect, and no other: not in the bounding set either, where CAP_SETPCAP
    /// lets that be changed. No program that is started can get any (no_new_privs).
    /// </summary>
    internal static int GiveUp(ulong keep)
    {
        int result = Read(out CapabilitySets sets);
        if (result < 0)
            return result;

        _ = Syscall.Check(Libc.prctl(Ambient, ClearAmbient, 0, 0, 0));
        if ((sets.Permitted & (1UL << (int)Capability.SetPCap)) != 0 && Set(sets.Permitted) >= 0)
        {
            for (int bit = 0; bit < Bits && Libc.prctl(DropFromBoundingSet, bit, 0, 0, 0) == 0;)
                bit++; // EINVAL after the last that this kernel has
        }

        result = Set(sets.Permitted & keep);
        if (result < 0)
            return result;
        IsNoNewPrivilegesOurs |= Libc.prctl(HasNoNewPrivileges, 0, 0, 0, 0) == 0;
        return Syscall.Check(Libc.prctl(NoNewPrivileges, 1, 0, 0, 0));
    }

    private static int Set(ulong capabilities)
    {
        uint low = (uint)capabilities, high = (uint)(capabilities >> 32);
        uint* header = stackalloc uint[2] { Version3, 0 };
        uint* data = stackalloc uint[6] { low, low, 0, high, high, 0 };
        return Syscall.Check(Libc.capset(header, data));
    }

    private static ulong Word(uint* data, int set) => data[set] | ((ulong)data[set + 3] << 32);
}
