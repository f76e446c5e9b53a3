namespace Sluice.Redirect.Verdicts;

/// <summary>Flags of the redirect helpers (uapi/linux/bpf.h). Any other bit makes the helper return SK_DROP.</summary>
[Flags]
public enum RedirectFlags : ulong
{
    /// <summary>Send the bytes out of the named socket.</summary>
    Egress = 0,

    /// <summary>BPF_F_INGRESS: queue the bytes for whoever reads the named socket.</summary>
    Ingress = 1,
}
