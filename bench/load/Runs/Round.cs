namespace Sluice.Load.Runs;

/// <summary>One measurement: one scenario through one proxy in one round. NaN where a figure does not exist.</summary>
/// <param name="Rate">Requests/s, or Gb/s for bulk.</param>
/// <param name="P50">Microseconds.</param>
/// <param name="P99">Microseconds.</param>
/// <param name="Cpu">Busy processor time of the whole machine: µs per request, or s per GB (10⁹ bytes).</param>
/// <param name="ProxyCpu">The proxy's own part of it, in the same unit.</param>
/// <param name="BusyCores">Cores busy on average, client and servers included.</param>
/// <param name="ForeignShare">Part of the busy time that neither the tool nor its proxies used: other people's work and the kernel's.</param>
/// <param name="StealShare">Part of the machine's time that its hypervisor gave to others.</param>
internal sealed record Round(
    int Number,
    string Scenario,
    string Proxy,
    double Rate,
    double P50,
    double P99,
    double Cpu,
    double ProxyCpu,
    double BusyCores,
    double ForeignShare,
    double StealShare,
    long Errors,
    string? FirstError);
