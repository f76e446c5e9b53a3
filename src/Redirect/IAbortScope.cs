namespace Sluice.Redirect;

/// <summary>
/// Whoever waits for an operation and may have to give up. The operation hands itself over, so that waiting which nobody
/// ends early costs no cancellation source.
/// </summary>
public interface IAbortScope
{
    /// <summary>From now on this is what an abort ends, in place of what was given before. An abort that came earlier is delivered at once.</summary>
    void Enter(IAbortable operation);
}
