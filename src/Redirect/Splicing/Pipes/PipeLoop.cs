using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Sluice.Redirect.Splicing.Pipes;

/// <summary>One direction: from the pipe bytes come in by to the pipe they go out by.</summary>
internal sealed class PipeLoop(SplicePair pair, Direction direction, PipeEnding ending, PipeClock clock)
{
    private readonly Direction _from = direction;
    private readonly ConnectionContext _source = direction == Direction.FromClient ? pair.Client : pair.Upstream;
    private readonly ConnectionContext _sink = direction == Direction.FromClient ? pair.Upstream : pair.Client;
    private readonly Direction _toward = direction == Direction.FromClient ? Direction.FromUpstream : Direction.FromClient;

    // Whose doing it is if the next await throws.
    private Direction _at = direction;

    /// <summary>The loop's shell: whatever ends the loop becomes the connection's end. Never throws.</summary>
    public async Task RunAsync()
    {
        try
        {
            if (!await MoveAsync())
                return;
            if (_source.WasReset() && !HasFin(_from))
                ending.ByReset(_from);
            else
                PassOnFin();
        }
        catch (Exception error)
        {
            ending.ByError(_at, error);
        }
    }

    // True when the source has sent FIN and all before it was delivered.
    private async Task<bool> MoveAsync()
    {
        PipeReader input = _source.Transport.Input;
        PipeWriter output = _sink.Transport.Output;
        while (true)
        {
            _at = _from;
            ReadResult read = await input.ReadAsync();
            if (read.IsCompleted)
                ending.ClosedFirst(_from);

            if (!read.Buffer.IsEmpty && !await DeliverAsync(read.Buffer, output))
                return false;

            input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return true;
        }
    }

    private async ValueTask<bool> DeliverAsync(ReadOnlySequence<byte> buffer, PipeWriter output)
    {
        _at = _toward;
        foreach (ReadOnlyMemory<byte> segment in buffer)
            output.Write(segment.Span);

        FlushResult flushed = await output.FlushAsync();
        if (flushed.IsCompleted)
        {
            // The transport ends the pipe without a word when the socket answers EPIPE or ECONNRESET.
            ending.ByReset(_at);
            return false;
        }

        pair.Delivered(_from, DataPath.Pipe, buffer.Length);
        clock.Progressed();
        return true;
    }

    // True once FIN was, or is being, sent to the side whose bytes come in this direction.
    private bool HasFin(Direction side) => side == Direction.FromClient ? pair.UpstreamClosed : pair.ClientClosed;

    private void PassOnFin()
    {
        _at = _toward;
        // Before the FIN goes out, so that a socket which both FINs have closed is not taken for one that was reset.
        pair.FinPassedOn(_from);

        // Completing the output would close the socket both ways: the stock transport knows no half-close.
        if (_sink.Features.Get<IConnectionSocketFeature>() is { Socket: var socket })
            socket.Shutdown(SocketShutdown.Send);
        else
            _sink.Transport.Output.Complete();
        clock.HalfClosed();
    }
}
