using Sluice.ProxyHost.Cli;
using Sluice.ProxyHost.Hosting;

return await SluiceCli.InvokeAsync(args, new CliActions(
    Run: PrivilegedStart.RunAsync,
    HealthCheck: HealthCheck.RunAsync));
