namespace Sluice.Redirect.Splicing;

/// <summary>How a spliced connection ended. When it is handed out both sockets are closed and every buffer is back.</summary>
/// <param name="Reason">The one reason; never <see cref="EndReason.None"/>.</param>
/// <param name="BytesFromClient">Bytes of the client that were handed to the upstream's socket.</param>
/// <param name="BytesFromUpstream">Bytes of the upstream that were handed to the client's socket.</param>
/// <param name="FirstToClose">The side whose FIN or error came first; null when the proxy ended it.</param>
/// <param name="Errno">The errno behind a reset or an error; <see cref="Errno.None"/> otherwise.</param>
public sealed record SpliceResult(
    EndReason Reason,
    long BytesFromClient,
    long BytesFromUpstream,
    Direction? FirstToClose,
    Errno Errno);
