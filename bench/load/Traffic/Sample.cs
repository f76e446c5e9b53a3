namespace Sluice.Load.Traffic;

/// <summary>What one run of traffic did.</summary>
/// <param name="Elapsed">Wall time from the first byte to the last.</param>
/// <param name="Requests">Completed requests; 0 for bulk.</param>
/// <param name="Bytes">Payload bytes that arrived at their end and were confirmed, one way.</param>
/// <param name="Latency">Per request; null for bulk.</param>
/// <param name="Errors">What went wrong.</param>
internal sealed record Sample(TimeSpan Elapsed, long Requests, long Bytes, LatencyHistogram? Latency, ErrorLog Errors);

/// <summary>Counts errors and keeps the first one's text.</summary>
internal sealed class ErrorLog
{
    public long Count { get; private set; }

    public string? First { get; private set; }

    public void Add(string what)
    {
        Count++;
        First ??= what;
    }

    public void AddErrno(string during, int negativeErrno) =>
        Add($"{during}: {System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(-negativeErrno)}");
}
