namespace Sluice.Programs.Processes;

/// <summary>The configuration of a daemon with a listener for each upstream.</summary>
internal sealed record SluiceSetup
{
    /// <summary>runtime.transport.</summary>
    public string Transport { get; init; } = "reactor";

    /// <summary>More keys of <c>runtime</c>, as YAML lines.</summary>
    public string[] Runtime { get; init; } = [];

    /// <summary>More keys of each listener, as YAML lines.</summary>
    public string[] Listener { get; init; } = [];

    /// <summary>More keys of each cluster, as YAML lines.</summary>
    public string[] Cluster { get; init; } = [];

    /// <summary>More sections.</summary>
    public string More { get; init; } = "";

    /// <summary>The address that its listeners are bound to.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>Another binary than the one that was built; null: that one.</summary>
    public string? Binary { get; init; }

    /// <summary>A command that starts it elsewhere or with less, and its arguments.</summary>
    public string[] Under { get; init; } = [];

    /// <summary>How its admin endpoint is reached; null: as any other address.</summary>
    public Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? Reach { get; init; }

    /// <summary>As text, with the port of each upstream's listener and that of the admin endpoint.</summary>
    public string Yaml(Dictionary<string, int> ports, int adminPort) => $"""
        admin:
          listen: 127.0.0.1:{adminPort}
        runtime:
          transport: {Transport}
          drain_timeout: 2s
        {Lines(Runtime, 2)}log:
          access: false
        listeners:
        {string.Concat(ports.Values.Select(port => $"  - name: l{port}\n    listen: {Address}:{port}\n    cluster: c{port}\n{Lines(Listener, 4)}"))}
        clusters:
        {string.Concat(ports.Select(pair => $"  - name: c{pair.Value}\n    endpoints: [{string.Join(", ", pair.Key.Split(',').Select(endpoint => $"\"{endpoint}\""))}]\n    max_connections: 20000\n{Lines(Cluster, 4)}"))}
        {More}
        """;

    private static string Lines(string[] lines, int indent) => string.Concat(lines.Select(line => $"{new string(' ', indent)}{line}\n"));
}
