using Microsoft.AspNetCore.Connections;

namespace Sluice.Redirect.Splicing;

/// <summary>What dialling a further cluster gave: a connection, or why there is none.</summary>
/// <param name="Connection">Null when it failed; otherwise the splicer's from now on.</param>
/// <param name="Failure">The end reason of the connection that needed it; <see cref="EndReason.None"/> when it did not fail.</param>
/// <param name="Errno">The errno behind the failure, where there is one.</param>
/// <param name="Closed">Disposed once when the connection has been closed; null when it failed.</param>
public readonly record struct ClusterDial(ConnectionContext? Connection, EndReason Failure, Errno Errno, IDisposable? Closed);
