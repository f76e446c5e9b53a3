using System.Runtime.InteropServices;
using Sluice.Load.Cli;
using Sluice.Load.Proxies;
using Sluice.Load.Runs;

// A cancelled run leaves no proxies behind.
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
return CommandLine.Build(Session.Run).Parse(args).Invoke();

static void Cancel(PosixSignalContext context)
{
    ChildProcess.KillAll();
    Environment.Exit(128 + (context.Signal == PosixSignal.SIGINT ? 2 : 15));
}
