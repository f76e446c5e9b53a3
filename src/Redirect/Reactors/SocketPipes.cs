using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Sluice.Redirect.Reactors;

/// <summary>
/// The pipes over a socket for those who read and write its bytes themselves (Kestrel's HTTP server, TLS). Received bytes
/// land in the pipe's memory without a copy on the way. Two loops run on the reactor until both directions have ended.
/// </summary>
internal sealed class SocketPipes : IDuplexPipe, IReceiveHandler, ISendHandler
{
    private const int PauseThreshold = 1024 * 1024;
    private const int MinimumRead = 4096;

    // Operations in a row before the reactor's other work gets its turn: both ends may be as fast as this loop.
    private const int RoundsPerTurn = 64;

    private readonly StreamSocket _socket;
    private readonly Pipe _input;
    private readonly Pipe _output;
    private readonly ReactorSignal _receiveReady = new();
    private readonly ReactorSignal _sendReady = new();
    private readonly Action _receivingEnded;
    private readonly Task _loops;
    private Exception? _aborted;
    private bool _closing;

    /// <summary>Opens the pipes and starts both loops.</summary>
    /// <param name="socket">Closed when both loops have ended.</param>
    /// <param name="receivingEnded">Called on the reactor when nothing more will be received.</param>
    internal SocketPipes(StreamSocket socket, Action receivingEnded)
    {
        (_socket, _receivingEnded) = (socket, receivingEnded);
        var scheduler = new ReactorScheduler(socket.Reactor);

        // The application's continuations run on the thread pool as with the stock transport; ours on the reactor.
        _input = new Pipe(new PipeOptions(
            readerScheduler: PipeScheduler.ThreadPool, writerScheduler: scheduler,
            pauseWriterThreshold: PauseThreshold, resumeWriterThreshold: PauseThreshold / 2, useSynchronizationContext: false));
        _output = new Pipe(new PipeOptions(
            readerScheduler: scheduler, writerScheduler: PipeScheduler.ThreadPool,
            pauseWriterThreshold: PauseThreshold, resumeWriterThreshold: PauseThreshold / 2, useSynchronizationContext: false));
        _loops = socket.Reactor.InvokeAsync(RunAsync);
    }

    /// <summary>What the socket received.</summary>
    public PipeReader Input => _input.Reader;

    /// <summary>What the socket is to send.</summary>
    public PipeWriter Output => _output.Writer;

    /// <summary>Sends what was written, ends both directions and closes. Called when the application is done with the pipes.</summary>
    internal async Task CloseAsync()
    {
        await _output.Writer.CompleteAsync();
        await _input.Reader.CompleteAsync();
        _socket.Reactor.Post(static state => ((SocketPipes)state!).StopReceiving(), this);
        await _loops;
    }

    /// <summary>Ends both loops; the application's reads throw <paramref name="reason"/>. On the reactor's thread.</summary>
    internal void Abort(Exception reason)
    {
        _aborted ??= reason;
        _input.Writer.CancelPendingFlush();
        _output.Reader.CancelPendingRead();
        _receiveReady.Set();
        _sendReady.Set();
    }

    void IReceiveHandler.OnReceiveReady() => _receiveReady.Set();

    void IReceiveHandler.OnFault(Exception exception) => Reset(exception);

    void ISendHandler.OnSendReady() => _sendReady.Set();

    // A stream that was cut short must not end like a complete one.
    private void Reset(Exception reason)
    {
        Abort(reason);
        _socket.Reset();
    }

    private void StopReceiving()
    {
        _closing = true;
        _receiveReady.Set();
    }

    private async Task<bool> RunAsync()
    {
        _socket.Receiver = this;
        _socket.Sender = this;
        if (!_socket.IsOpen)
            Abort(new ConnectionAbortedException("The connection was closed before it was used"));

        Task receiving = ReceiveAllAsync();
        await SendAllAsync();
        await receiving;
        _socket.Close();
        return true;
    }

    private async Task ReceiveAllAsync()
    {
        Exception? error = null;
        try
        {
            error = await ReceiveLoopAsync();
        }
        catch (Exception exception)
        {
            error = exception;
        }
        finally
        {
            await _input.Writer.CompleteAsync(_aborted ?? error);
            _receivingEnded();
        }
    }

    private async Task<Exception?> ReceiveLoopAsync()
    {
        for (int round = 1; _aborted is null; round++)
        {
            if (!_socket.Readable)
            {
                if (_closing)
                    return null;
                await _receiveReady.WaitAsync();
                continue;
            }

            if (round % RoundsPerTurn == 0)
            {
                await Task.Yield();
                continue;
            }

            nint received = _socket.Receive(_input.Writer.GetSpan(MinimumRead));
            if (received == StreamSocket.EndOfStream)
                return null;
            if (received < 0)
                return new ConnectionResetException($"The connection ended with {_socket.Error}");

            _input.Writer.Advance((int)received);
            FlushResult flushed = await _input.Writer.FlushAsync();
            if (flushed.IsCompleted || flushed.IsCanceled)
                return null;
        }

        return _aborted;
    }

    private async Task SendAllAsync()
    {
        Exception? error = null;
        try
        {
            await SendLoopAsync();
        }
        catch (ConnectionResetException)
        {
            // What a failed socket still has to be received comes, and the error after it.
        }
        catch (Exception exception)
        {
            // The application completed its output with an error.
            error = exception;
            Reset(exception);
        }
        finally
        {
            // Aborts and resets are told to those who read. A write just completes, as with Kestrel's own transport.
            await _output.Reader.CompleteAsync(error);
        }
    }

    private async Task SendLoopAsync()
    {
        for (int round = 1; _aborted is null; round++)
        {
            if (round % RoundsPerTurn == 0)
                await Task.Yield();

            ReadResult result = await _output.Reader.ReadAsync();
            foreach (ReadOnlyMemory<byte> segment in result.Buffer)
                await SendAsync(segment);

            _output.Reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                _socket.ShutdownSend();
                return;
            }
        }
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty && _aborted is null)
        {
            nint sent = _socket.Send(bytes.Span);
            if (sent < 0)
                throw new ConnectionResetException($"The connection ended with {_socket.Error}");

            bytes = bytes[(int)sent..];
            if (!bytes.IsEmpty)
                await _sendReady.WaitAsync();
        }
    }
}
