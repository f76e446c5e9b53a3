using System.Net;
using Microsoft.AspNetCore.Connections;
using Sluice.Redirect;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Transports;

namespace Sluice.ProxyHost.Tests.Hosting;

/// <summary>A transport without sockets: dialling and splicing do what the test says, and resets are remembered.</summary>
internal sealed class FakeTransport : ITransport, ISplicer
{
    public List<EndPoint> Dialled { get; } = [];

    public List<TimeSpan> Timeouts { get; } = [];

    public List<ConnectionContext> Resets { get; } = [];

    public Func<EndPoint, ConnectResult> OnConnect { get; set; } = _ => new(new DefaultConnectionContext("upstream"), Errno.None);

    /// <summary>An attempt that takes its time; what the test gives here goes before <see cref="OnConnect"/>.</summary>
    public Func<IAbortScope?, Task<ConnectResult>>? OnAttempt { get; set; }

    public Func<SplicePair, Task<SpliceResult>> OnSplice { get; set; } =
        _ => Task.FromResult(new SpliceResult(EndReason.Completed, 1, 2, Direction.FromClient, Errno.None));

    /// <summary>What every connection begins with.</summary>
    public byte[] Prelude { get; set; } = [];

    public ISplicer Splicer => this;

    public ValueTask<ConnectResult> ConnectAsync(EndPoint endPoint, TimeSpan timeout, IAbortScope? scope = null)
    {
        Dialled.Add(endPoint);
        Timeouts.Add(timeout);
        return OnAttempt is { } attempt ? new(attempt(scope)) : new(OnConnect(endPoint));
    }

    public async ValueTask<SpliceResult> SpliceAsync(SplicePair pair) => await OnSplice(pair);

    public ValueTask<Errno> InspectAsync(
        ConnectionContext connection, IPreludeInspector inspector, PreludeLimits limits, IAbortScope? scope = null)
    {
        inspector.Inspect(Prelude, isFinal: true);
        return new(Errno.None);
    }

    public List<byte[]> SentFirst { get; } = [];

    public ValueTask<Errno> DiscardAsync(ConnectionContext connection, int count)
    {
        Prelude = Prelude[count..];
        return new(Errno.None);
    }

    public ValueTask<Errno> SendFirstAsync(ConnectionContext connection, ReadOnlyMemory<byte> bytes)
    {
        SentFirst.Add(bytes.ToArray());
        return new(Errno.None);
    }

    public ValueTask ResetAsync(ConnectionContext connection)
    {
        Resets.Add(connection);
        return default;
    }

    public ValueTask ReleaseAsync(SpliceMaps maps)
    {
        maps.Dispose();
        return default;
    }

    public ValueTask<IReadOnlyList<IConnectionListener>> BindAsync(EndPoint endPoint, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("this transport only dials");

    public Task RunAsync(IConnectionListener listener, Func<IConnectionListener, Task> accept) => accept(listener);

    public ValueTask DisposeAsync() => default;
}
