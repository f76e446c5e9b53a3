namespace Sluice.Redirect.Reactors;

/// <summary>Brings an <c>await</c> that began on a reactor back to that reactor.</summary>
internal sealed class ReactorSynchronizationContext(Reactor reactor) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => reactor.Post(new Action<object?>(d), state);

    public override void Send(SendOrPostCallback d, object? state)
    {
        if (Reactor.Current != reactor)
            throw new NotSupportedException("A reactor is never waited for: use Post");
        d(state);
    }

    public override SynchronizationContext CreateCopy() => this;
}
