using Sluice.Redirect.Reactors;

namespace Sluice.Redirect.Splicing.Programs;

/// <summary>Lets whoever sends through a psock wait until the queues it fed have room.</summary>
internal sealed class SendGate : IReactorTask
{
    private readonly ReactorSignal _signal = new();

    internal SendGate(Reactor reactor) => Valve = new Valve(reactor, this);

    internal Valve Valve { get; }

    internal ValueTask WaitAsync() => _signal.WaitAsync();

    internal void Wake() => _signal.Set();

    void IReactorTask.Run() => Wake();
}
