namespace Sluice.Load.Proxies;

/// <summary>A program that is started with one configuration file.</summary>
/// <param name="directory">An existing directory for the configuration file and whatever the program writes.</param>
internal abstract class ConfiguredProxy(string name, string program, string directory, ServicePorts servers, ServicePorts ports) : IProxy
{
    public string Name => name;

    public ServicePorts Ports => ports;

    public bool BulkOnly { get; init; }

    public virtual int? AdminPort => null;

    public abstract string? Version { get; }

    protected string Program => program;

    protected abstract string Extension { get; }

    protected abstract string Configuration { get; }

    public ChildProcess? Start()
    {
        File.WriteAllText(ConfigurationPath, Configuration);
        return new ChildProcess(Program, Arguments(ConfigurationPath), directory);
    }

    public virtual IDisposable? Disturb(ChildProcess process) => null;

    protected string ConfigurationPath => Path.Combine(directory, $"{name}.{Extension}");

    /// <summary>A piece of configuration for each service, in which {name}, {own} and {server} stand for its name and the two ports.</summary>
    protected string EachService(string piece) => string.Join('\n', Ports.All.Zip(servers.All, (own, server) => piece
        .Replace("{name}", own.Service.Name, StringComparison.Ordinal)
        .Replace("{own}", $"{own.Port}", StringComparison.Ordinal)
        .Replace("{server}", $"{server.Port}", StringComparison.Ordinal)));

    protected abstract IEnumerable<string> Arguments(string configurationPath);
}
