
namespace Sluice.Redirect.Transports;

/// <summary>An <see cref="IAbortable"/> for operations that take a <see cref="CancellationToken"/>. Safe from any thread.</summary>
public sealed class AbortSource : IAbortable, IDisposable
{
    private readonly CancellationTokenSource _source;
    private volatile bool _aborted;

    /// <summary>Enters the scope; the token is cancelled by an abort and when the time has passed.</summary>
    public AbortSource(IAbortScope? scope, TimeSpan? timeout = null)
    {
        _source = timeout is { } time ? new(time) : new();
        scope?.Enter(this);
    }

    /// <summary>Cancelled by an abort or by time.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>True when it was an abort that cancelled.</summary>
    public bool IsAborted => _aborted;

    /// <inheritdoc/>
    public void Abort(EndReason reason)
    {
        _aborted = true;
        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Over already: the scope cannot know.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();
}
