namespace Sluice.Redirect;

/// <summary>Something under way that can be ended early.</summary>
public interface IAbortable
{
    /// <summary>Ends it soon and for this reason; does nothing when it has ended. Safe from any thread, more than once.</summary>
    void Abort(EndReason reason);
}
