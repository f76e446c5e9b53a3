using Sluice.Redirect;

namespace Sluice.ProxyHost.Telemetry;

/// <summary>Every field of access records, in the order in which all of them are written.</summary>
internal static class AccessFields
{
    /// <summary>The table.</summary>
    public static AccessField[] All { get; } =
    [
        new("event", record => record.Event),
        new("id", record => record.Id),
        new("listener", record => record.Listener),
        new("client", record => record.Client),
        new("proxy", record => record.Proxy),
        new("cluster", record => record.Cluster),
        new("endpoint", record => record.Endpoint),
        new("attempts", record => (long)record.Attempts),
        new("connect_seconds", record => Micros(record.ConnectSeconds)),
        new("first_byte_seconds", record => Micros(record.FirstByteSeconds)),
        new("total_seconds", record => Micros(record.TotalSeconds)),
        new("bytes_from_client", record => record.BytesFromClient),
        new("bytes_from_upstream", record => record.BytesFromUpstream),
        new("path_from_client", record => record.PathFromClient),
        new("path_from_upstream", record => record.PathFromUpstream),
        new("end", record => record.End == EndReason.None ? null : record.End.Name()),
        new("first_to_close", record => record.FirstToClose is { } side ? AccessRecord.Side(side) : null),
        new("errno", record => record.Errno == Errno.None ? null : record.Errno.ToString()),
        new("trouble", record => record.Trouble),
        new("route", record => record.Route),
        new("rule", record => record.Rule),
        new("would_refuse", record => record.WouldRefuse == EndReason.None ? null : record.WouldRefuse.Name()),
        new("tlvs", record => record.Tlvs),
        new("left_out", record => record.LeftOut == 0 ? null : (long)record.LeftOut),
    ];

    /// <summary>Their names.</summary>
    public static string[] Names { get; } = [.. All.Select(field => field.Name)];

    /// <summary>The fields of a table by their names.</summary>
    public static AccessField[] Of(IEnumerable<string> names) => [.. names.Select(name => All.First(field => field.Name == name))];

    /// <summary>Those of a record that are known, as attributes of OpenTelemetry.</summary>
    public static IEnumerable<KeyValuePair<string, object?>> Known(AccessRecord record, AccessField[] fields)
    {
        foreach (AccessField field in fields)
        {
            if (field.Of(record) is { } value)
                yield return new(field.Name, value);
        }
    }

    private static double? Micros(double? seconds) => seconds is { } value ? Math.Round(value, 6) : null;
}
