using Sluice.Load.Cli;
using Sluice.Load.Proxies;
using Sluice.Load.Servers;
using Sluice.Load.Traffic;

namespace Sluice.Load.Runs;

/// <summary>Who takes part.</summary>
internal static class Contenders
{
    private const string Subject = "sluice";
    private const int LargeBuffer = 256 * 1024;

    /// <summary>The proxies that <paramref name="options"/> ask for, ready to be started in front of <paramref name="servers"/>.</summary>
    /// <exception cref="InvalidOperationException">A program is missing, or sluice cannot be published.</exception>
    public static IReadOnlyList<IProxy> Choose(LoadOptions options, ServicePorts servers, Ports ports, string directory)
    {
        Service[] services = [.. servers.All.Select(entry => entry.Service)];
        List<IProxy> all =
        [
            new DirectConnection(servers),
            new HaproxyProxy("haproxy", directory, servers, ports.NextSet(services)),
            new HaproxyProxy("haproxy-splice", directory, servers, ports.NextSet(services), splice: true) { BulkOnly = true },
            new NginxProxy("nginx", directory, servers, ports.NextSet(services)),
        ];
        if (options.Variants)
        {
            all.Add(new HaproxyProxy("haproxy-256k", directory, servers, ports.NextSet(services), bufferSize: LargeBuffer) { BulkOnly = true });
            all.Add(new NginxProxy("nginx-256k", directory, servers, ports.NextSet(services), bufferSize: LargeBuffer) { BulkOnly = true });
        }
        RefuseUnknown(options, [.. all.Select(proxy => proxy.Name), Subject, .. options.Extras.Select(extra => extra.Name)]);
        List<IProxy> wanted = [.. all.Where(proxy => IsWanted(options, proxy.Name))];
        if (wanted.FirstOrDefault(proxy => proxy is ConfiguredProxy && proxy.Version is null) is IProxy missing)
            throw new InvalidOperationException($"{missing.Name} does not run here. On Debian: apt-get install haproxy nginx libnginx-mod-stream");
        wanted.AddRange(Sluices(options, servers, ports, services, directory));
        return wanted;
    }

    /// <summary>The services that take a program, of the scenarios that <paramref name="options"/> ask for.</summary>
    /// <exception cref="InvalidOperationException">One is not installed.</exception>
    public static IReadOnlyList<Service> Applications(LoadOptions options)
    {
        Service[] wanted = [.. Scenario.All.Where(scenario => scenario.IsApplication && options.Only.Any(only => only.Scenario == scenario.Name)).Select(scenario => scenario.Service).Distinct()];
        foreach (Service service in wanted)
        {
            (string[] names, string packages) = service.Programs!.Value;
            if (names.FirstOrDefault(name => Installed.Find(name) is null) is string missing)
                throw new InvalidOperationException($"{missing} is not installed. On Debian: apt-get install {packages}");
        }
        return wanted;
    }

    /// <summary>Whether a scenario is to be run through a proxy.</summary>
    public static bool IsWanted(LoadOptions options, Scenario scenario, IProxy proxy) =>
        options.Wants(scenario.Name, proxy.Name) && (!proxy.BulkOnly || scenario.Unit == ScenarioUnit.Gigabytes);

    private static void RefuseUnknown(LoadOptions options, string[] names)
    {
        if (options.Only.FirstOrDefault(only => only.Proxy.Length > 0 && !names.Contains(only.Proxy)) is Selection unknown)
            throw new InvalidOperationException($"--only names '{unknown.Proxy}', which does not take part. These do: {string.Join(", ", names)}.");
    }

    private static IEnumerable<IProxy> Sluices(LoadOptions options, ServicePorts servers, Ports ports, Service[] services, string directory)
    {
        List<ExtraSluice> wanted =
            [.. options.Extras.Prepend(new ExtraSluice(Subject, "", new Dictionary<string, string>(), 0, TimeSpan.Zero)).Where(extra => IsWanted(options, extra.Name))];
        string own = wanted.Any(extra => extra.Path.Length == 0) ? Path.GetFullPath(options.SluicePath ?? SluicePublisher.Publish()) : "";
        return wanted.Select(extra => new SluiceProxy(
            extra.Name,
            extra.Path.Length == 0 ? own : Path.GetFullPath(extra.Path),
            directory,
            servers,
            ports.NextSet(services),
            ports.Next(),
            extra.Runtime,
            extra.ReloadEvery,
            extra.Rules));
    }

    private static bool IsWanted(LoadOptions options, string proxy) =>
        Scenario.All.Select(scenario => scenario.Name).Append(LoadOptions.Idle).Any(scenario => options.Wants(scenario, proxy));
}
