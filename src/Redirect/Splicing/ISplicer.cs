namespace Sluice.Redirect.Splicing;

/// <summary>
/// Moves bytes between the two connections of a pair until both directions have ended: in order, without loss or
/// duplication, in bounded memory, FIN as FIN and RST as RST, each direction by itself.
/// </summary>
public interface ISplicer
{
    /// <summary>
    /// Takes ownership of both connections and completes when both are closed. Trouble of the connections is in the
    /// result; an exception is a defect.
    /// </summary>
    ValueTask<SpliceResult> SpliceAsync(SplicePair pair);
}
