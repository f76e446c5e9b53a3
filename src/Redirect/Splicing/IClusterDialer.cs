namespace Sluice.Redirect.Splicing;

/// <summary>Dials the further clusters that a connection's rules redirect to.</summary>
public interface IClusterDialer
{
    /// <summary>
    /// Connects to a cluster for this connection, on its reactor. Failure, also by an abort through <paramref name="scope"/>, is
    /// a value.
    /// </summary>
    /// <param name="cluster">The index that the programs know the cluster by.</param>
    /// <param name="scope">Ends the attempt when the connection has ended.</param>
    ValueTask<ClusterDial> DialAsync(uint cluster, IAbortScope scope);
}
