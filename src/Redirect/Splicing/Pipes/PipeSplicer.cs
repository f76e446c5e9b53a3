namespace Sluice.Redirect.Splicing.Pipes;

/// <summary>
/// Splices any two Kestrel connections through their pipes. For the contract of <see cref="ISplicer"/> to hold in full, a
/// completed flush must mean that the kernel has the bytes; the sockets transport sees to that.
/// <para>
/// One thing the stock transport cannot do: while a reader takes nothing, its sender's socket is not looked at either, so
/// an RST of that sender is passed on only when the reader moves again or a limit ends the connection.
/// </para>
/// </summary>
public sealed class PipeSplicer : ISplicer
{
    /// <inheritdoc/>
    public async ValueTask<SpliceResult> SpliceAsync(SplicePair pair)
    {
        pair.PathFromClient = DataPath.Pipe;
        pair.PathFromUpstream = DataPath.Pipe;

        var ending = new PipeEnding(pair);
        pair.Enter(ending);
        using (var clock = new PipeClock(pair, ending))
        {
            var fromClient = new PipeLoop(pair, Direction.FromClient, ending, clock);
            var fromUpstream = new PipeLoop(pair, Direction.FromUpstream, ending, clock);
            await Task.WhenAll(fromClient.RunAsync(), fromUpstream.RunAsync());
        }

        ending.Completed();
        await pair.Client.DisposeAsync();
        await pair.Upstream.DisposeAsync();
        return ending.Result();
    }
}
