using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Sluice.Redirect.Reactors;

/// <summary>What Kestrel's applications ask of a connection and a spliced connection does not.</summary>
internal sealed class ConnectionExtras
{
    private CancellationTokenSource? _closed;
    private int _isClosed;

    internal string Id { get => field ??= ConnectionIds.Next(); set; }

    internal IFeatureCollection? Features { get; set; }

    internal IDictionary<object, object?> Items { get => field ??= new Dictionary<object, object?>(); set; }

    internal SocketPipes? Pipes { get; set; }

    internal IDuplexPipe? Transport { get; set; }

    /// <summary>Asked for by the application, told of by the reactor, in whichever order.</summary>
    internal CancellationTokenSource Closed
    {
        get
        {
            Interlocked.CompareExchange(ref _closed, new CancellationTokenSource(), null);
            if (Volatile.Read(ref _isClosed) != 0)
                TellClosed();
            return _closed;
        }
    }

    // On the thread pool, since those who wait for it may do anything.
    internal void TellClosed()
    {
        Interlocked.Exchange(ref _isClosed, 1);
        if (_closed is { IsCancellationRequested: false } closed)
            ThreadPool.UnsafeQueueUserWorkItem(static source => source.Cancel(), closed, preferLocal: false);
    }
}
