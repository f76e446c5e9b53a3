namespace Sluice.Load.Proxies;

/// <summary>Sluice with one reactor and no access log.</summary>
/// <param name="runtime">Further keys of the runtime section, written as "key: value".</param>
/// <param name="reloadEvery">While it is measured it takes another configuration so often; zero: never.</param>
/// <param name="rules">Rules of a program that judges what clients send: each compares a u32, the last one matches. 0: no program.</param>
internal sealed class SluiceProxy(
    string name, string program, string directory, ServicePorts servers, ServicePorts ports, int adminPort, IReadOnlyDictionary<string, string> runtime,
    TimeSpan reloadEvery = default, int rules = 0)
    : ConfiguredProxy(name, program, directory, servers, ports)
{
    private readonly Dictionary<string, string> _runtime = new(runtime) { ["reactors"] = runtime.GetValueOrDefault("reactors", "1") };

    public override int? AdminPort => adminPort;

    public override string? Version => ProgramVersion.Of(Program, "--version");

    protected override string Extension => "yaml";

    public override IDisposable? Disturb(ChildProcess process) =>
        reloadEvery == default ? null : new Reloads(reloadEvery, process, number => File.WriteAllText(ConfigurationPath, Configured(connectSeconds: 5 + (number % 2))));

    protected override string Configuration => Configured(connectSeconds: 5);

    private string Configured(int connectSeconds) => $"""
        admin:
          listen: 127.0.0.1:{adminPort}
        runtime:
        {string.Join('\n', _runtime.Select(entry => $"  {entry.Key}: {entry.Value}"))}
        log:
          access: false
          level: warning
        listeners:
        {EachService($$"""
              - name: {name}
                listen: 127.0.0.1:{own}
                cluster: {name}{{Attachment}}
            """)}
        clusters:
        {EachService($$"""
              - name: {name}
                endpoints: [127.0.0.1:{server}]
                connect_timeout: {{connectSeconds}}s
            """)}
        {Rules}
        """;

    private string Attachment => rules == 0 ? "" : "\n    programs: { from_client: rules }";

    // A range of one value or of all: what is sent matches only the last.
    private string Rules => rules == 0 ? "" : $$"""
        programs:
          - name: rules
            rules:
        {{string.Join('\n', Enumerable.Range(1, rules - 1).Select(i => $$"""      - { name: r{{i}}, when: { u32: { at: 0, is: {{i}} } }, verdict: drop }"""))}}
              - { name: last, when: { u32: { at: 0, is: 4096-4294967295 } }, verdict: pass }

        """;

    protected override IEnumerable<string> Arguments(string configurationPath) => ["run", configurationPath];
}
