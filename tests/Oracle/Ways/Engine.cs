using Sluice.Programs.Processes;

namespace Sluice.Oracle.Ways;

/// <summary>What can carry a connection through the daemon. None may show either end anything that a direct connection would not.</summary>
/// <param name="Name">What reports call it.</param>
/// <param name="Setup">The configuration that has every connection carried by it, or every one that lives long enough.</param>
/// <param name="Evidence">The metric that shows that it has, with an attribute.</param>
internal sealed record Engine(string Name, SluiceSetup Setup, Measured Evidence)
{
    private const string KernelTrusted = "offload: this kernel is trusted";
    private static readonly Measured ByProgram = new("sluice_rule_verdicts_total", "program=\"look\"");

    /// <summary>All there are: one more is one more line.</summary>
    public static Engine[] All { get; } =
    [
        new("copy, little memory", Runtime("offload: off", "splice: off", "buffer_memory: 1MiB"), Measured.Path("copy")),
        new("splice(2)", Runtime("offload: off"), Measured.Path("splice")),
        new("stock sockets", new SluiceSetup { Transport = "sockets" }, Measured.Path("pipe")),
        new("sockmap", Runtime("offload: sockmap"), Measured.Path("sockmap")) { TrustedWhen = KernelTrusted },
        new("bypass", Runtime("offload: bypass"), Measured.Path("bypass")) { TrustedWhen = "offload: applications on this host may send past the proxy" },
        new("program, managed", Judged("offload: off"), ByProgram),
        new("program, kernel", Judged("offload: sockmap"), Measured.Path("sockmap")) { TrustedWhen = KernelTrusted },
    ];

    /// <summary>Below this too little has been shown.</summary>
    public double LeastEvidence => Evidence == ByProgram ? 10_000 : 1_000_000;

    /// <summary>What the daemon logs once the kernel and its rights allow it; null where it needs neither.</summary>
    public string? TrustedWhen { get; init; }

    private static SluiceSetup Runtime(params string[] lines) => new() { Runtime = lines };

    // It decides about every byte, and lets all of them pass. No rule waits for more bytes than are there: whoever sends few
    // and waits for an answer would wait for ever.
    private static SluiceSetup Judged(string offload) => new()
    {
        Runtime = [offload],
        Listener = ["programs: { from_client: look, from_upstream: look }"],
        More = """
            programs:
              - name: look
                rules:
                  - { name: low, when: { u8: { is: 0x00-0x3f } }, verdict: pass, apply_bytes: 1000 }
                  - { name: high, when: { u8: { is: 0xc0-0xff } }, verdict: pass }
                  - { name: never, when: { stream_offset: { at_least: 1099511627776 } }, verdict: drop }
                otherwise: { verdict: pass, apply_bytes: 77 }
            """,
    };
}
