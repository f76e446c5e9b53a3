namespace Sluice.Load.Proxies;

/// <summary>Sluice with one reactor and no access log.</summary>
/// <param name="runtime">Further keys of the runtime section, written as "key: value".</param>
internal sealed class SluiceProxy(
    string name, string program, string directory, PortPair servers, PortPair ports, int adminPort, IReadOnlyDictionary<string, string> runtime)
    : ConfiguredProxy(name, program, directory, ports)
{
    private readonly Dictionary<string, string> _runtime = new(runtime) { ["reactors"] = runtime.GetValueOrDefault("reactors", "1") };

    public override int? AdminPort => adminPort;

    public override string? Version => ProgramVersion.Of(Program, "--version");

    protected override string Extension => "yaml";

    protected override string Configuration => $"""
        admin:
          listen: 127.0.0.1:{adminPort}
        runtime:
        {string.Join('\n', _runtime.Select(entry => $"  {entry.Key}: {entry.Value}"))}
        log:
          access: false
          level: warning
        listeners:
          - name: echo
            listen: 127.0.0.1:{Ports.Echo}
            cluster: echo
          - name: sink
            listen: 127.0.0.1:{Ports.Sink}
            cluster: sink
        clusters:
          - name: echo
            endpoints: [127.0.0.1:{servers.Echo}]
          - name: sink
            endpoints: [127.0.0.1:{servers.Sink}]

        """;

    protected override IEnumerable<string> Arguments(string configurationPath) => ["run", configurationPath];
}
