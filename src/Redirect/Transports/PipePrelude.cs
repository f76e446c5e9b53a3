using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Sluice.Redirect.Transports;

/// <summary>Shows the first bytes of a connection to an inspector while they stay in its input pipe, and drops or sends some for the proxy.</summary>
internal static class PipePrelude
{
    /// <summary>With the results of <see cref="ITransport.InspectAsync"/>.</summary>
    internal static async ValueTask<Errno> InspectAsync(
        ConnectionContext connection, IPreludeInspector inspector, PreludeLimits limits, IAbortScope? scope)
    {
        PipeReader input = connection.Transport.Input;
        using var deadline = new AbortSource(scope, limits.Timeout);
        CancellationTokenRegistration wake = deadline.Token.Register(static input => ((PipeReader)input!).CancelPendingRead(), input);
        try
        {
            bool isOver = false;
            bool woken = false;
            while (!isOver)
            {
                ReadResult read = await input.ReadAsync(CancellationToken.None);
                woken = read.IsCanceled;
                isOver = Show(inspector, read, limits.MaxBytes);
                // What was looked at to its end counts as examined, else no more would be received.
                input.AdvanceTo(read.Buffer.Start, isOver ? read.Buffer.Start : read.Buffer.End);
            }

            // The time may have come in this very moment. Whoever reads next must not be woken for it.
            await wake.DisposeAsync();
            if (deadline.Token.IsCancellationRequested && !woken && input.TryRead(out ReadResult late))
                input.AdvanceTo(late.Buffer.Start);
            return deadline.IsAborted ? Errno.ECANCELED : Errno.None;
        }
        catch (Exception error) when (error is ConnectionResetException or ConnectionAbortedException)
        {
            return Errno.ECONNRESET;
        }
        catch (SocketException error)
        {
            return error.ToErrno(connection.RemoteEndPoint ?? new IPEndPoint(IPAddress.None, 0));
        }
        finally
        {
            await wake.DisposeAsync();
        }
    }

    /// <summary>With the results of <see cref="ITransport.DiscardAsync"/>.</summary>
    internal static async ValueTask<Errno> DiscardAsync(ConnectionContext connection, int count)
    {
        PipeReader input = connection.Transport.Input;
        try
        {
            ReadResult read = await input.ReadAtLeastAsync(count);
            if (read.Buffer.Length < count)
                return Errno.ECONNRESET;
            input.AdvanceTo(read.Buffer.GetPosition(count));
            return Errno.None;
        }
        catch (Exception error) when (error is ConnectionResetException or ConnectionAbortedException)
        {
            return Errno.ECONNRESET;
        }
    }

    /// <summary>With the results of <see cref="ITransport.SendFirstAsync"/>.</summary>
    internal static async ValueTask<Errno> SendAsync(ConnectionContext connection, ReadOnlyMemory<byte> bytes)
    {
        FlushResult flushed = await connection.Transport.Output.WriteAsync(bytes);
        return flushed.IsCompleted || flushed.IsCanceled ? Errno.EPIPE : Errno.None;
    }

    private static bool Show(IPreludeInspector inspector, in ReadResult read, int most)
    {
        ReadOnlySequence<byte> bytes = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, most));
        bool isFinal = read.IsCompleted || read.IsCanceled || bytes.Length == most;
        if (bytes.IsEmpty && !isFinal)
            return false;
        return inspector.Inspect(bytes.IsSingleSegment ? bytes.FirstSpan : bytes.ToArray(), isFinal) || isFinal;
    }
}
