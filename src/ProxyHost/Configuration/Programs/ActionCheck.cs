using Sluice.ProxyHost.Configuration.Types;
using Sluice.ProxyHost.Configuration.Yaml;
using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Configuration.Programs;

/// <summary>What the keys of an action say together, and cannot.</summary>
internal static class ActionCheck
{
    /// <summary>Reports at the keys of the mapping at <paramref name="at"/>; what could not be read is left alone.</summary>
    public static void Run<T>(ActionKeys<T> keys, Values<T> v, Cursor at)
    {
        if (v.TryOf(keys.Verdict, out RuleVerdict verdict)) Verdict(keys, v, at, verdict);
        bool isApplied = v.TryOf(keys.ApplyBytes, out int apply) && apply > 0;
        if (isApplied && v.TryOf(keys.CorkBytes, out int cork) && apply < cork)
            at.Towards("apply_bytes").Error($"the decision stands for {apply} bytes and waits for {cork}, so it would be taken again within them",
                "make `apply_bytes` at least `cork_bytes`, or leave one of the two out");
        if (isApplied && v.TryOf(keys.Push, out PushBytes? push) && push is not null && push.Bytes.Length >= apply)
            at.Towards("push").Error($"these {push.Bytes.Length} bytes are as many as `apply_bytes` lets go, so the message would never come to an end",
                $"make `apply_bytes` more than {push.Bytes.Length}");
    }

    private static void Verdict<T>(ActionKeys<T> keys, Values<T> v, Cursor at, RuleVerdict verdict)
    {
        bool isRedirect = verdict == RuleVerdict.Redirect;
        if (v.TryOf(keys.To, out string? cluster) && isRedirect == cluster is null)
        {
            if (isRedirect) at.Towards("verdict").Error("`redirect` does not say where to", "add `to:` with the name of a cluster");
            else at.Towards("to").Error("only `redirect` goes to a cluster", "remove `to`, or write `verdict: redirect`");
        }
        if (!isRedirect && v.TryOf(keys.Ingress, out bool ingress) && ingress)
            at.Towards("ingress").Error("only what is redirected can count as received", "remove `ingress`, or write `verdict: redirect`");
        if (verdict is not (RuleVerdict.Drop or RuleVerdict.Reset)) return;
        if (v.TryOf(keys.Push, out PushBytes? push) && push is not null) Useless(at, "push", "nothing of the message goes anywhere");
        if (v.TryOf(keys.Pop, out PopBytes? pop) && pop is not null) Useless(at, "pop", "nothing of the message goes anywhere");
        if (verdict == RuleVerdict.Reset && v.TryOf(keys.ApplyBytes, out int apply) && apply > 0) Useless(at, "apply_bytes", "the connection ends at once");
    }

    private static void Useless(Cursor at, string key, string why) =>
        at.Towards(key).Error($"`{key}` has no effect with this verdict: {why}", $"remove `{key}`");
}
