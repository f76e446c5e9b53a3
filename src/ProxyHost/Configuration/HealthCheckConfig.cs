using System.Collections.Immutable;

namespace Sluice.ProxyHost.Configuration;

/// <summary>How the endpoints of a cluster are probed.</summary>
/// <param name="Type">What a probe does once it is connected.</param>
/// <param name="Interval">From the beginning of one probe to that of the next, 1 ms to 1 h. Default 5 s.</param>
/// <param name="Timeout">For one probe in all, 1 ms to 1 h. Default 2 s.</param>
/// <param name="Jitter">Each interval is longer or shorter by chance, by up to so many percent, 0 to 100. Default 10.</param>
/// <param name="Rise">Probes in a row that must succeed for an unhealthy endpoint to be healthy, 1 to 100. Default 2.</param>
/// <param name="Fall">Probes in a row that must fail for a healthy endpoint to be unhealthy, 1 to 100. Default 3.</param>
public sealed record HealthCheckConfig(HealthCheckType Type, TimeSpan Interval, TimeSpan Timeout, int Jitter, int Rise, int Fall)
{
    /// <summary>What <see cref="HealthCheckType.SendExpect"/> sends; empty: nothing.</summary>
    public ImmutableArray<byte> Send { get; init; } = [];

    /// <summary>What its answer must hold somewhere in its first bytes.</summary>
    public ImmutableArray<byte> Expect { get; init; } = [];

    /// <summary>What a check has that says nothing else.</summary>
    public static HealthCheckConfig Default { get; } =
        new(HealthCheckType.Connect, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(2), Jitter: 10, Rise: 2, Fall: 3);
}

/// <summary>What a probe asks of an endpoint.</summary>
public enum HealthCheckType
{
    /// <summary>To complete a handshake of TCP.</summary>
    Connect,
    /// <summary>To answer with certain bytes.</summary>
    SendExpect,
    /// <summary>To answer a ClientHello in TLS.</summary>
    Tls,
}
