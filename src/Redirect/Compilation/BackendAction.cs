using Sluice.Redirect.Rules;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Compilation;

/// <summary>What the managed back end does to a message once a rule has decided.</summary>
/// <remarks>
/// Bytes are inserted and removed only where they are let go, which is inside the window of apply_bytes if there is one, and
/// that window grows and shrinks with them: it counts bytes as they came. So each run lets go of bytes that came, and no
/// program can live on what it has inserted itself. What does not pass is not edited.
/// </remarks>
internal sealed class BackendAction
{
    private readonly RuleAction _action;
    private readonly byte[] _push;
    private readonly uint _cluster;

    internal BackendAction(RuleAction action, Func<string, uint> clusterIndex)
    {
        _action = action;
        _push = action.Push is { } push ? [.. push.Bytes] : [];
        _cluster = action.Cluster is { } cluster ? clusterIndex(cluster) : 0;
    }

    internal Verdict Do(Message message)
    {
        Verdict verdict = Judge(message);
        if (verdict == Verdict.Pass && (_action.Pop is { Count: > 0 } || _push.Length > 0))
            return Edit(message);

        message.ApplyBytes(_action.ApplyBytes);
        return verdict;
    }

    private Verdict Judge(Message message)
    {
        switch (_action.Verdict)
        {
            case RuleVerdict.Pass:
                return Verdict.Pass;
            case RuleVerdict.Redirect:
                // A redirect to nowhere must be known for one that failed, so the helper is asked even then.
                RedirectFlags flags = _action.Ingress ? RedirectFlags.Ingress : RedirectFlags.Egress;
                return message.Redirect(message.Context.Clusters ?? NoClusters.Instance, _cluster, flags);
            case RuleVerdict.Reset:
                message.Reset();
                return Verdict.Drop;
            default:
                return Verdict.Drop;
        }
    }

    private Verdict Edit(Message message)
    {
        int window = _action.ApplyBytes > 0 ? Math.Min(_action.ApplyBytes, message.Length) : message.Length;
        int popped = Popped(window);
        if (popped > 0 && popped == _action.ApplyBytes && _push.Length == 0)
        {
            // Nothing would be left of the window, and a window of nothing cannot be asked for. For its bytes, to vanish is the same.
            message.ApplyBytes(_action.ApplyBytes);
            return Verdict.Drop;
        }

        Errno errno = popped > 0 ? message.PopData(_action.Pop!.Offset, popped) : Errno.None;
        if (errno == Errno.None && _push.Length > 0)
            errno = Push(message, Math.Min(_action.Push!.Offset, window - popped));
        if (errno != Errno.None)
        {
            // More than the connection may hold. What was to be changed must not go on unchanged.
            message.Reset();
            return Verdict.Drop;
        }

        if (_action.ApplyBytes is > 0 and < RuleAction.RestOfStream)
            message.ApplyBytes((int)Math.Min((long)_action.ApplyBytes - popped + _push.Length, RuleAction.RestOfStream - 1));
        else
            message.ApplyBytes(_action.ApplyBytes);
        return Verdict.Pass;
    }

    private int Popped(int window) => _action.Pop is { } pop && pop.Offset < window ? Math.Min(pop.Count, window - pop.Offset) : 0;

    private Errno Push(Message message, int start)
    {
        Errno errno = message.PushData(start, _push.Length);
        return errno == Errno.None ? message.StoreBytes(start, _push) : errno;
    }

    private sealed class NoClusters : IRedirectMap<uint>
    {
        internal static readonly NoClusters Instance = new();

        public IRedirectSocket? Find(in uint key) => null;
    }
}
