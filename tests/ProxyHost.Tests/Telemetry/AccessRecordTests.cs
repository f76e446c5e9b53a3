using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Sluice.ProxyHost.Logging;
using Sluice.ProxyHost.Telemetry;
using Sluice.ProxyHost.Tests.Hosting;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Tests.Telemetry;

public class AccessRecordTests
{
    private static readonly AccessRecord Completed = new(
        42, "redis", "10.0.0.1:53422", "cache", "10.1.0.7:6379", 2, 0.000213, 0.0012004, 1.5, 123, 456_789,
        EndReason.Completed, Direction.FromClient, Errno.None, null);

    private static readonly AccessRecord Unreachable = new(
        43, "redis", "[::1]:53423", "cache", "db.example:6379", 3, null, null, 5.25, 0, 0,
        EndReason.ConnectFailed, null, Errno.ECONNREFUSED, "db.example: Name or service not known");

    [Fact]
    public void Text_of_a_completed_connection() => Assert.Equal(
        "2026-02-03T04:05:06.789Z info  Access: #42 10.0.0.1:53422 -> redis -> cache 10.1.0.7:6379: completed, client first after 1.5 s (connect 0.000213 s, first byte 0.0012 s), 2 attempts, 123 B up, 456789 B down\n",
        Format(new TextFormatter(new ManualClock()), Completed));

    [Fact]
    public void Text_of_a_connection_that_found_no_upstream() => Assert.Equal(
        "2026-02-03T04:05:06.789Z info  Access: #43 [::1]:53423 -> redis -> cache db.example:6379: connect_failed (ECONNREFUSED) (db.example: Name or service not known) after 5.25 s, 3 attempts, 0 B up, 0 B down\n",
        Format(new TextFormatter(new ManualClock()), Unreachable));

    [Fact]
    public void Json_of_a_completed_connection() => Assert.Equal(
        """{"time":"2026-02-03T04:05:06.789+00:00","level":"info","category":"Sluice.Access","id":42,"listener":"redis","client":"10.0.0.1:53422","cluster":"cache","endpoint":"10.1.0.7:6379","attempts":2,"connect_seconds":0.000213,"first_byte_seconds":0.0012,"total_seconds":1.5,"bytes_from_client":123,"bytes_from_upstream":456789,"end":"completed","first_to_close":"client"}""" + "\n",
        Format(new JsonFormatter(new ManualClock()), Completed));

    [Fact]
    public void Json_of_a_connection_that_found_no_upstream() => Assert.Equal(
        """{"time":"2026-02-03T04:05:06.789+00:00","level":"info","category":"Sluice.Access","id":43,"listener":"redis","client":"[::1]:53423","cluster":"cache","endpoint":"db.example:6379","attempts":3,"total_seconds":5.25,"bytes_from_client":0,"bytes_from_upstream":0,"end":"connect_failed","errno":"ECONNREFUSED","trouble":"db.example: Name or service not known"}""" + "\n",
        Format(new JsonFormatter(new ManualClock()), Unreachable));

    private static string Format(ConsoleFormatter formatter, AccessRecord record)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var entry = new LogEntry<AccessRecord>(LogLevel.Information, AccessLog.Category, default, record, null, (r, _) => r.ToString());
        formatter.Write(entry, null, text);
        return text.ToString();
    }
}
