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
        if (v.TryOf(keys.ApplyBytes, out int apply) && apply > 0 && v.TryOf(keys.Push, out PushBytes? push) && push is not null && push.Bytes.Length >= apply)
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
        if (verdict == RuleVerdict.Reset && v.TryOf(keys.ApplyBytes, out int apply) && apply > 0)
            at.Towards("apply_bytes").Error("`reset` ends the connection at once, so there is nothing it could apply to", "remove `apply_bytes`");
    }
}
