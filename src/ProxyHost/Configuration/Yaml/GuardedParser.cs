using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Sluice.ProxyHost.Configuration.Yaml;

/// <summary>
/// Stands between YamlDotNet's parser and its node model, which stops at the first duplicate key and follows nesting and
/// self-reference until the stack ends. Duplicates are reported here and left out of the stream; the rest is an error
/// with a place.
/// </summary>
internal sealed class GuardedParser(IParser parser, Diagnostics diagnostics) : IParser
{
    private const int DeepestNesting = 64;

    private readonly Stack<OpenNode> _open = new();
    private ParsingEvent? _last;

    public ParsingEvent? Current => parser.Current;

    public bool MoveNext()
    {
        if (!Advance()) return false;
        while (IsDuplicateKey(parser.Current))
        {
            SkipNode();
            if (parser.Current is MappingEnd) throw Odd(_open.Peek());
            SkipNode();
        }
        Enter(parser.Current!);
        return true;
    }

    private bool Advance()
    {
        try
        {
            bool moved = parser.MoveNext();
            _last = parser.Current ?? _last;
            return moved;
        }
        catch (InvalidOperationException)
        {
            // YamlDotNet's parser answers some unclosed brackets with this and no position.
            OpenNode? bracket = _open.FirstOrDefault(o => o.IsFlow);
            Mark at = bracket?.Start ?? _last?.End ?? Mark.Empty;
            throw new SyntaxErrorException(at, at, bracket is null ? "this is not YAML from here on" : "the bracket opened here is never closed");
        }
        catch (ArgumentException)
        {
            // And tags that are no URIs with this. A document without a mark begins and ends where its first node does.
            Mark at = (_last is DocumentStart { IsImplicit: true } ? _last.Start : _last?.End) ?? Mark.Empty;
            throw new SyntaxErrorException(at, at, "behind this is a tag that cannot be one");
        }
    }

    private bool IsDuplicateKey(ParsingEvent? at)
    {
        if (at is not Scalar key || _open.Count == 0 || _open.Peek() is not { AtKey: true } mapping) return false;
        if (mapping.Keys.TryAdd(key.Value, key.Start.Line)) return false;
        diagnostics.Error(key.Start, "", $"the key `{Quote.Text(key.Value)}` is already given at line {mapping.Keys[key.Value]}",
            "keep one of the two");
        return true;
    }

    /// <summary>Steps over the node that begins at the current event.</summary>
    private void SkipNode()
    {
        int depth = 0;
        do
        {
            depth += parser.Current!.NestingIncrease;
            if (!Advance()) return;
        }
        while (depth > 0);
    }

    private void Enter(ParsingEvent at)
    {
        if (at is MappingEnd or SequenceEnd && _open.Pop() is { IsMapping: true, AtKey: false } odd)
            throw Odd(odd);
        if (at is NodeEvent or AnchorAlias && _open.TryPeek(out OpenNode? around)) StepWithin(around, at);
        switch (at)
        {
            case AnchorAlias alias when _open.Any(o => o.Anchor == alias.Value):
                throw new SemanticErrorException(at.Start, at.End, $"`*{alias.Value}` stands inside `&{alias.Value}` itself");
            case MappingStart mapping:
                Push(new OpenNode(mapping.Start, mapping.Anchor, mapping.Style == MappingStyle.Flow, IsMapping: true));
                break;
            case SequenceStart sequence:
                Push(new OpenNode(sequence.Start, sequence.Anchor, sequence.Style == SequenceStyle.Flow, IsMapping: false));
                break;
        }
        if (at is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } tag })
            diagnostics.Error(at.Start, "", $"the tag `{Quote.Text(tag.Value)}` has no meaning here", "leave it out");
    }

    /// <summary>The children of a mapping are key, value, key, value.</summary>
    private static void StepWithin(OpenNode around, ParsingEvent at)
    {
        // The parser takes a stray alias behind a value for a key, and what follows for its value.
        if (around.AtKey && at is AnchorAlias stray)
            throw new SemanticErrorException(at.Start, at.End, $"`*{stray.Value}` stands where a key is expected");
        around.AtKey = around.IsMapping && !around.AtKey;
    }

    private static SemanticErrorException Odd(OpenNode mapping) =>
        new(mapping.Start, mapping.Start, "among these keys and values one lacks its other half");

    private void Push(OpenNode node)
    {
        if (_open.Count == DeepestNesting)
            throw new SemanticErrorException(node.Start, node.Start, $"nesting is deeper than {DeepestNesting}");
        _open.Push(node);
    }

    private sealed record OpenNode(Mark Start, AnchorName Anchor, bool IsFlow, bool IsMapping)
    {
        public bool AtKey { get; set; } = IsMapping;

        public Dictionary<string, long> Keys { get; } = new(StringComparer.Ordinal);
    }
}
