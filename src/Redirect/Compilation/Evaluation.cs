using System.Diagnostics.CodeAnalysis;
using Sluice.Redirect.Rules.Tls;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Compilation;

/// <summary>One run of a plan over one message. It lives on the stack; the depth of its recursion is the nesting of the rules.</summary>
internal ref struct Evaluation
{
    private readonly PlanCode _code;
    private ClientHelloResult _hello;
    private bool _hasHello;

    /// <summary>
    /// Bytes beyond <paramref name="mostBytes"/> are not there for any test, since nobody would have waited for them: whether
    /// they came with the others or not must not matter.
    /// </summary>
    internal Evaluation(PlanCode code, in MessageView view, int mostBytes, bool isFinal)
    {
        _code = code;
        (Context, StreamOffset, Length, IsFinal) = (view.Context, view.StreamOffset, view.Data.Length, isFinal);
        Data = view.Data[..Math.Min(view.Data.Length, mostBytes)];
    }

    internal ReadOnlySpan<byte> Data { get; }

    internal MessageContext Context { get; }

    internal long StreamOffset { get; }

    internal int Length { get; }

    /// <summary>What is not there is absent.</summary>
    internal bool IsFinal { get; }

    /// <summary>The outcome of a test that cannot be made with fewer bytes.</summary>
    internal readonly Truth Without(long needed) => IsFinal ? Truth.False : Truth.Unknown(needed);

    /// <summary>What the bytes are as a ClientHello; they are read once.</summary>
    [UnscopedRef]
    internal ref readonly ClientHelloResult Hello()
    {
        if (!_hasHello)
            _hello = ClientHello.Read(Data);
        _hasHello = true;
        return ref _hello;
    }

    /// <summary>The truth of the node at an index, with all that belongs to it.</summary>
    internal Truth Test(int at)
    {
        PlanNode node = _code.Nodes[at];
        Truth truth = node.Kind switch
        {
            PlanNodeKind.AllOf => AllOf(at + 1, node.End),
            PlanNodeKind.AnyOf => AnyOf(at + 1, node.End),
            PlanNodeKind.Field => _code.Fields[node.Test].Test(ref this),
            PlanNodeKind.Address => _code.Addresses[node.Test].Test(ref this),
            PlanNodeKind.Number => _code.Numbers[node.Test].Test(ref this),
            PlanNodeKind.Bytes => _code.Bytes[node.Test].Test(ref this),
            PlanNodeKind.Search => _code.Searches[node.Test].Test(ref this),
            _ => _code.Names[node.Test].Test(ref this),
        };
        return node.IsNegated ? truth.Not() : truth;
    }

    private Truth AllOf(int at, int end)
    {
        Truth all = Truth.True;
        for (; at < end && !all.IsFalse; at = _code.Nodes[at].End)
            all = all.And(Test(at));
        return all;
    }

    private Truth AnyOf(int at, int end)
    {
        Truth any = Truth.False;
        for (; at < end && !any.IsTrue; at = _code.Nodes[at].End)
            any = any.Or(Test(at));
        return any;
    }
}
