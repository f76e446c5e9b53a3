using System.Net.Sockets;
using Sluice.Functional.Proxy;
using Sluice.Functional.Wire;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(SuiteFixture))]
[assembly: Parallelization(Mode = ParallelMode.None)]

namespace Sluice.Functional.Proxy;

/// <summary>
/// Fails the run when it ends with more descriptors than it began with. Tests run one after another so that each can
/// count for itself as well.
/// </summary>
public sealed class SuiteFixture : IAsyncLifetime
{
    private int _descriptors;

    /// <summary>Makes the runtime open what it opens once, then counts.</summary>
    public async ValueTask InitializeAsync()
    {
        using (var server = new Server())
        using (Socket client = await Sockets.DialAsync(server.EndPoint))
        using (Socket accepted = await server.AcceptAsync())
        {
            Task<byte[]> received = accepted.ReceiveExactlyAsync(1);
            await client.SendAllAsync(new byte[1]);
            await received;
        }

        _descriptors = FileDescriptors.Count;
    }

    public async ValueTask DisposeAsync() => await FileDescriptors.UntilBackAtAsync(_descriptors);
}
