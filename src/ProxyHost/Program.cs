using Sluice.ProxyHost.Cli;
using Sluice.ProxyHost.Hosting;

return await SluiceCli.InvokeAsync(args, new CliActions(
    Run: (config, _, cancellationToken) => Daemon.RunAsync(config, cancellationToken),
    HealthCheck: HealthCheck.RunAsync));
