namespace Sluice.Redirect.Maps;

/// <summary>What an update expects of its key (BPF_ANY, BPF_NOEXIST, BPF_EXIST). Any other value is EINVAL.</summary>
public enum MapUpdateFlags : ulong
{
    /// <summary>Nothing: what is there is replaced.</summary>
    Any = 0,
    /// <summary>That nothing is there, else EEXIST.</summary>
    NoExist = 1,
    /// <summary>That something is there, else ENOENT.</summary>
    Exist = 2,
}
