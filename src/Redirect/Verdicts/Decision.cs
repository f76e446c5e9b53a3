namespace Sluice.Redirect.Verdicts;

/// <summary>The outcome of one run of a verdict program.</summary>
/// <param name="Kind">What happens to the bytes.</param>
/// <param name="Socket">Where a redirect goes; null otherwise.</param>
/// <param name="Flags">How a redirect goes there.</param>
/// <param name="RedirectFailed">
/// A redirect helper found no socket under its key, and the program returned the SK_DROP it was given.
/// </param>
/// <param name="ApplyBytes">The decision stands for this many bytes; 0: for the message.</param>
/// <param name="CorkBytes">The program wants to see this many bytes before it decides; 0: it has decided.</param>
/// <param name="Inserted">Bytes the run has inserted.</param>
/// <param name="Removed">Bytes the run has removed.</param>
public readonly record struct Decision(
    DecisionKind Kind,
    IRedirectSocket? Socket,
    RedirectFlags Flags,
    bool RedirectFailed,
    int ApplyBytes,
    int CorkBytes,
    int Inserted,
    int Removed);
