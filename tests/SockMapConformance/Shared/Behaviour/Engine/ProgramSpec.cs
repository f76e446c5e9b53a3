namespace Sluice.SockMapConformance.Behaviour;

/// <summary>
/// A verdict program, said rather than written: each engine makes of it what it runs, an object in managed code or bytecode.
/// The helpers are called in the order of the properties, all of them, and then the verdict is returned.
/// </summary>
internal sealed record ProgramSpec
{
    public static ProgramSpec Pass { get; } = new();

    public static ProgramSpec Drop { get; } = new() { Outcome = Outcome.Drop };

    /// <summary>bpf_msg_apply_bytes; 0: not called.</summary>
    public int Apply { get; init; }

    /// <summary>bpf_msg_cork_bytes; 0: not called.</summary>
    public int Cork { get; init; }

    /// <summary>bpf_msg_pull_data(start, end); an end of 0: not called.</summary>
    public (int Start, int End) Pull { get; init; }

    /// <summary>bpf_msg_push_data; 0 bytes: not called.</summary>
    public (int Start, int Count) Push { get; init; }

    /// <summary>bpf_msg_pop_data; 0 bytes: not called.</summary>
    public (int Start, int Count) Pop { get; init; }

    public Outcome Outcome { get; init; }

    /// <summary>Where a redirect goes when it goes by number.</summary>
    public End To { get; init; }

    /// <summary>BPF_F_INGRESS.</summary>
    public bool Ingress { get; init; }

    /// <summary>Which map a redirect asks, and for what.</summary>
    public Lookup By { get; init; }

    /// <summary>Null: always. Otherwise all of the above is for what meets it, and the rest is for <see cref="Otherwise"/>.</summary>
    public Condition? When { get; init; }

    public ProgramSpec? Otherwise { get; init; }

    public static ProgramSpec Redirect(End to, bool ingress = false) => new() { Outcome = Outcome.Redirect, To = to, Ingress = ingress };

    public static ProgramSpec RedirectBy(Lookup by, bool ingress = false) => new() { Outcome = Outcome.Redirect, By = by, Ingress = ingress };
}

internal enum Outcome
{
    Pass,
    Drop,

    /// <summary>What the redirect helper returns is what the program returns.</summary>
    Redirect,
}

internal enum Lookup
{
    /// <summary>bpf_sk_redirect_map, bpf_msg_redirect_map: the sockmap of all four sockets.</summary>
    Number,

    /// <summary>extract_socket_key and redirect_hash: the 4-tuple of the socket that judges.</summary>
    OwnKey,

    /// <summary>The same with the ends exchanged: the 4-tuple of the socket at the other end.</summary>
    OtherKey,
}

/// <summary>A field of the message or of its socket has this value.</summary>
internal sealed record Condition(Field Field, int Value);

internal enum Field
{
    FirstByte,
    LocalPort,
}
