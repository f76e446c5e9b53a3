namespace Sluice.SockMapConformance.Behaviour;

/// <summary>Counts the runs of a program on the reactor's thread.</summary>
internal abstract class RunCounter : IProgramUnderTest
{
    private readonly List<(long Runs, TaskCompletionSource Reached)> _waiting = [];

    public long Runs { get; private set; }

    public long Refused { get; protected set; }

    // A continuation is posted to the reactor, so it runs when what is judged has been delivered.
    public Task AwaitRunsAsync(long runs)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Runs >= runs)
            reached.SetResult();
        else
            _waiting.Add((runs, reached));
        return reached.Task;
    }

    protected void CountRun()
    {
        Runs++;
        foreach ((_, TaskCompletionSource reached) in _waiting.Where(waiter => waiter.Runs <= Runs))
            reached.TrySetResult();
    }
}
