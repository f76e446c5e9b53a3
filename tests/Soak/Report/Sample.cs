namespace Sluice.Soak.Report;

/// <summary>What the daemon has at one moment.</summary>
/// <param name="Seconds">Since the beginning.</param>
/// <param name="Descriptors">Sockets, pipes and the like.</param>
/// <param name="Threads">Of the process.</param>
/// <param name="ResidentMiB">Resident memory.</param>
/// <param name="Entries">Sockets in sockhashes.</param>
/// <param name="Timers">Timers that are set.</param>
/// <param name="Held">Bytes held for slow readers.</param>
/// <param name="Directions">Directions that the kernel carries.</param>
/// <param name="Connections">Open connections.</param>
internal sealed record Sample(
    double Seconds, int Descriptors, int Threads, double ResidentMiB, double Entries, double Timers, double Held, double Directions, double Connections)
{
    public override string ToString() =>
        $"{Descriptors} descriptors, {Threads} threads, {ResidentMiB:F1} MiB, {Entries} map entries, {Timers} timers, {Held} bytes held, {Directions} directions in the kernel, {Connections} connections";
}
