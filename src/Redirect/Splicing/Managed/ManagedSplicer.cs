using Sluice.Redirect.Linux;
using Sluice.Redirect.Maps;
using Sluice.Redirect.Reactors;
using Sluice.Redirect.Splicing.Pairs;
using Sluice.Redirect.Splicing.Programs;

namespace Sluice.Redirect.Splicing.Managed;

/// <summary>
/// The splicer of the reactor: both connections must be on one reactor. It runs the programs that their sockets have inherited
/// from maps. Where these are none but the constant redirect, bytes take the copy loop through the reactor's read buffer, and
/// splice(2) through a kernel pipe while a direction streams, unless that is switched off.
/// </summary>
public class ManagedSplicer(bool useSplice) : ISplicer
{
    private readonly bool _useSplice = useSplice && KernelPipe.IsPermitted;

    /// <inheritdoc/>
    public ValueTask<SpliceResult> SpliceAsync(SplicePair pair)
    {
        StreamSocket client = ((ReactorConnection)pair.Client).TakeSocket();
        StreamSocket upstream = ((ReactorConnection)pair.Upstream).TakeSocket();
        if (client.Reactor != upstream.Reactor)
            throw new InvalidOperationException("A pair's connections must be on the same reactor");

        RunningPair splice = IsConstant(client.Memberships.Programs) && IsConstant(upstream.Memberships.Programs)
            ? new ManagedSplice(pair, client, upstream, _useSplice)
            : new ProgramSplice(pair, client, upstream);
        if (pair.Terms.Bandwidth is { } bandwidth)
            MeteredPace.Apply(bandwidth, client, upstream); // the kernel would know nothing of it
        else
            Prepare(splice, pair);
        return splice.RunAsync();
    }

    /// <summary>The last that happens to a pair before its bytes move.</summary>
    private protected virtual void Prepare(RunningPair splice, SplicePair pair)
    {
    }

    private static bool IsConstant(AttachedPrograms programs) =>
        programs.MsgParser is null && programs.StreamParser is null
        && (programs.StreamVerdict ?? programs.SkbVerdict) is null or ConstantRedirect;
}
