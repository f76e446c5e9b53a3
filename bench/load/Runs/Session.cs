using Sluice.Load.Accounting;
using Sluice.Load.Cli;
using Sluice.Load.Proxies;
using Sluice.Load.Reports;
using Sluice.Load.Servers;
using Sluice.Load.Traffic;

namespace Sluice.Load.Runs;

/// <summary>One invocation of the tool: servers, proxies, rounds, footprints, report.</summary>
internal static class Session
{
    /// <summary>Returns the exit code: 0, or 1 when a round had errors or something could not be run.</summary>
    public static int Run(LoadOptions options)
    {
        string directory = Directory.CreateTempSubdirectory("sluice-load-").FullName;
        try
        {
            return Run(options, directory);
        }
        catch (Exception failure) when (failure is InvalidOperationException or IOException or FormatException)
        {
            Console.Error.WriteLine(failure.Message);
            return 1;
        }
        finally
        {
            ChildProcess.KillAll();
            Directory.Delete(directory, recursive: true);
        }
    }

    private static int Run(LoadOptions options, string directory)
    {
        Ports ports = new();
        Service[] services = [Service.Echo, Service.Sink, .. Contenders.Applications(options)];
        ServicePorts servers = ports.NextSet(services);
        IReadOnlyList<IProxy> proxies = Contenders.Choose(options, servers, ports, directory);
        Machine machine = Machine.Describe(proxies);
        List<ChildProcess> running = [StartServers(servers, directory)];
        foreach (Service application in services.Where(service => service.Programs is not null))
            running.Add(ApplicationServer.Start(application, servers[application], directory));

        Comparison comparison = new(
            Scenario.All, running, options.Duration, options.WarmUp, (scenario, proxy) => Contenders.IsWanted(options, scenario, proxy));
        Results results = new(comparison.Run(proxies, options.Rounds));
        FootprintRun footprintRun = new(options.IdleConnections, options.Starts);
        List<Footprint> footprints =
            [.. proxies.Where(proxy => proxy is not DirectConnection && !proxy.BulkOnly && options.Wants(LoadOptions.Idle, proxy.Name)).Select(footprintRun.Run)];

        new TextReport(Console.Out).Write(machine, results, footprints);
        if (options.JsonPath is not null)
            JsonReport.Write(options.JsonPath, machine, results, footprints);
        return results.Rounds.Any(round => round.Errors > 0) ? 1 : 0;
    }

    private static ChildProcess StartServers(ServicePorts ports, string directory)
    {
        string self = Environment.ProcessPath!;
        string[] command = [CommandLine.ServerCommand, $"{ports.Echo}", $"{ports[Service.Sink]}"];
        // Run as "dotnet load.dll", the process is the host and needs to be told the assembly.
        bool isHost = Path.GetFileNameWithoutExtension(self) == "dotnet";
        ChildProcess server = new(self, isHost ? [typeof(Session).Assembly.Location, .. command] : command, directory);
        Readiness.WaitForEcho(new DirectConnection(ports), server);
        return server;
    }
}
