namespace Sluice.Redirect.Verdicts;

/// <summary>
/// What a verdict program returns, with the kernel's values (enum sk_action, uapi/linux/bpf.h). A redirect is a
/// <see cref="Pass"/> for which a redirect helper has named another socket.
/// </summary>
public enum Verdict : byte
{
    /// <summary>SK_DROP: the bytes vanish.</summary>
    Drop = 0,

    /// <summary>SK_PASS: the bytes go where they were going, or to the socket a redirect helper has named.</summary>
    Pass = 1,
}
