using Sluice.Load.Runs;

namespace Sluice.Load.Reports;

/// <summary>Start-up and memory: a row for each proxy.</summary>
internal static class FootprintTable
{
    public static void Write(TextWriter output, IReadOnlyList<Footprint> footprints)
    {
        output.WriteLine("### Idle: start-up and user-space memory (MB, 10⁶ bytes)");
        output.WriteLine();
        MarkdownTable table = new(
            "idle", "echo after ms", "ready after ms", "RSS", "PSS", "anonymous", "connections", "added", "bytes each", "left after close", "fds left");
        foreach (Footprint footprint in footprints)
        {
            table.Add(
                footprint.Proxy,
                Figure.Of(footprint.EchoAfterMs, "0"),
                Figure.Of(footprint.ReadyAfterMs ?? double.NaN, "0"),
                Figure.Megabytes(footprint.Idle.Resident),
                Figure.Megabytes(footprint.Idle.Proportional),
                Figure.Megabytes(footprint.Idle.Anonymous),
                Figure.Of(footprint.Connections, "#,0"),
                Figure.Megabytes(footprint.AddedBytes),
                Figure.Of((double)footprint.AddedBytes / footprint.Connections, "#,0"),
                Figure.Megabytes(footprint.Closed.Anonymous - footprint.Idle.Anonymous),
                Figure.Of(footprint.ClosedDescriptors - footprint.IdleDescriptors, "0"));
        }
        table.Write(output);
    }
}
