using Sluice.ProxyHost.Connections;

namespace Sluice.ProxyHost.Tests.Connections;

public class ConnectionTraceTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(24)]
    [InlineData(100)]
    public void The_first_and_the_last_entries_are_kept_in_order(int count)
    {
        var trace = new ConnectionTrace();
        for (int i = 1; i <= count; i++)
            trace.Add(new TraceEntry(i, 0, null, null, default, default));
        (TraceEntry[] entries, int leftOut) = trace.Read();
        int[] expected = count <= ConnectionTrace.Most
            ? [.. Enumerable.Range(1, count)]
            : [.. Enumerable.Range(1, ConnectionTrace.Most / 2), .. Enumerable.Range(count - (ConnectionTrace.Most / 2) + 1, ConnectionTrace.Most / 2)];
        Assert.Equal(expected, entries.Select(entry => (int)entry.At));
        Assert.Equal(Math.Max(0, count - ConnectionTrace.Most), leftOut);
    }
}
