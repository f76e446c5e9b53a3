using Sluice.ProxyHost.Configuration.Conditions;
using Sluice.ProxyHost.Configuration.Sections;
using Sluice.ProxyHost.Configuration.Types;
using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Configuration.Programs;

/// <summary>The keys that say what is done: those of a rule and of <c>otherwise</c> alike.</summary>
/// <param name="get">The action of a record that has these keys.</param>
internal sealed class ActionKeys<TRecord>(Func<TRecord, RuleAction> get)
{
    public Key<TRecord, RuleVerdict> Verdict { get; } = new("verdict", Verdicts.Any, r => get(r).Verdict)
    {
        Summary = "What happens to the bytes: they go on to the other side of their connection (`pass`), vanish (`drop`), or go to a " +
            "connection of another cluster (`redirect`); or the connection ends with RST on all sides (`reset`).",
        Example = "drop",
    };

    public Key<TRecord, string?> To { get; } =
        new("to", new OptionalType<string>(NameType.Of(ClusterSection.Kind), null), r => get(r).Cluster)
        {
            Summary = "The cluster that `redirect` goes to. It is dialled when the first bytes go there; its answers come back to the client.",
            Example = "shard-b",
            Default = null,
        };

    public Key<TRecord, int> ApplyBytes { get; } = new("apply_bytes", new OptionalType<int>(new ApplyBytesType(), 0), r => get(r).ApplyBytes)
    {
        Summary = "The decision stands for so many bytes from the beginning of the message on, without running the rules. Without it, for the message.",
        Example = "512",
        Default = 0,
    };

    public Key<TRecord, int> CorkBytes { get; } = new("cork_bytes", new OptionalType<int>(Offsets.OfMessage, 0), r => get(r).CorkBytes)
    {
        Summary = "With fewer bytes at hand than this, nothing is decided yet: the rules run again when there are so many, or the stream ends.",
        Example = "64",
        Default = 0,
    };

    public Key<TRecord, PushBytes?> Push { get; } = new("push", new OptionalType<PushBytes>(PushSection.Type, null), r => get(r).Push)
    {
        Summary = "Puts bytes into the message, after `pop`.",
        Example = "{ at: 0, text: \"> \" }",
        Default = null,
    };

    public Key<TRecord, PopBytes?> Pop { get; } = new("pop", new OptionalType<PopBytes>(PopSection.Type, null), r => get(r).Pop)
    {
        Summary = "Takes bytes out of the message.",
        Example = "{ at: 0, bytes: 4 }",
        Default = null,
    };

    public Key<TRecord, bool> Ingress { get; } = new("ingress", new BooleanType(), r => get(r).Ingress)
    {
        Summary = "Whether redirected bytes count as received by the connection they go to: they come back to the client as its answers do.",
        Example = "true",
        Default = false,
    };

    public RuleAction Build(Values<TRecord> v) => new(v.Of(Verdict))
    {
        Cluster = v.Of(To),
        ApplyBytes = v.Of(ApplyBytes),
        CorkBytes = v.Of(CorkBytes),
        Push = v.Of(Push),
        Pop = v.Of(Pop),
        Ingress = v.Of(Ingress),
    };
}
