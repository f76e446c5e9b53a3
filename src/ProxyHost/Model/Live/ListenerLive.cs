using System.Collections.Concurrent;
using Sluice.Redirect.Splicing;

namespace Sluice.ProxyHost.Model.Live;

/// <summary>
/// What is true of a listener while it runs, whatever its configuration says meanwhile: each snapshot of it has the same object.
/// Safe from any thread, but for what one thread at a time adds when the configuration changes.
/// </summary>
internal sealed class ListenerLive(int maxConnections)
{
    private readonly ConcurrentDictionary<string, ClusterTraffic> _traffic = new();
    private readonly ConcurrentDictionary<RuleKey, RuleCount> _inKernel = new();
    private readonly List<Dictionary<RuleKey, RuleCount>> _counts = [];
    private long _unregistered;
    private long _accepted;
    private volatile ListenerState[] _replaced = [];

    /// <summary>Its connections, those of earlier configurations included.</summary>
    public ConnectionCount Connections { get; } = new(maxConnections);

    /// <summary>What limits of bandwidth hold up.</summary>
    public BandwidthMeter Delays { get; } = new();

    /// <summary>Connections that were accepted so far, those refused at once included. Never decreases.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>How those that are gone have ended.</summary>
    public EndCounts Ends { get; } = new();

    /// <summary>True while all its addresses are bound and being accepted from.</summary>
    public bool Accepting { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

    /// <summary>True while an operator wants no new connections.</summary>
    public bool IsDraining { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

    /// <summary>Connections that were spliced although no map took their sockets.</summary>
    public long Unregistered => Interlocked.Read(ref _unregistered);

    /// <summary>Earlier ones of the name whose maps still have connections.</summary>
    public IReadOnlyList<ListenerState> Replaced => _replaced;

    public void AddAccepted() => Interlocked.Increment(ref _accepted);

    public void AddUnregistered() => Interlocked.Increment(ref _unregistered);

    /// <summary>Its connections to the cluster of a name.</summary>
    public ClusterTraffic TrafficTo(string cluster) => _traffic.GetOrAdd(cluster, static _ => new ClusterTraffic());

    /// <summary>The counts of programs in one accept queue, by its number: those of rules that were there before go on.</summary>
    public RuleTally Tally(int queue, IReadOnlyList<ProgramState> programs)
    {
        while (_counts.Count <= queue)
            _counts.Add([]);

        Dictionary<RuleKey, RuleCount> before = _counts[queue], now = [];
        var tally = new RuleTally(programs, key => now[key] = now.GetValueOrDefault(key) ?? before.GetValueOrDefault(key) ?? new RuleCount());
        _counts[queue] = now;
        return tally;
    }

    /// <summary>What the kernel has counted for maps that are gone.</summary>
    public long CountedInKernel(in RuleKey key) => _inKernel.TryGetValue(key, out RuleCount? count) ? count.Value : 0;

    /// <summary>Another configuration has taken its place, but its connections go on.</summary>
    public void Replace(ListenerState listener) => _replaced = [.. _replaced, listener];

    /// <summary>The last of its connections has ended. <paramref name="count"/> tells what the kernel counted of a rule.</summary>
    public void Forget(ListenerState listener, Func<ProgramState, int, long> count)
    {
        foreach (ProgramState program in listener.Programs)
        {
            for (int rule = 0; rule <= program.Rules.Rules.Length; rule++)
            {
                if (count(program, rule) is > 0 and var more)
                    _inKernel.GetOrAdd(RuleKey.Of(program, rule), static _ => new RuleCount()).Add(more);
            }
        }

        _replaced = [.. _replaced.Where(other => other != listener)];
    }
}
