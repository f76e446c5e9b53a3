using System.Collections.Immutable;
using Sluice.ProxyHost.Configuration.Types;
using Sluice.ProxyHost.Configuration.Yaml;
using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Configuration.Programs;

/// <summary>The table of one of <c>programs</c>.</summary>
internal static class ProgramSection
{
    /// <summary>What the names of programs are filed under.</summary>
    public const string Kind = "program";

    private static readonly Key<RuleSet, string> Name = new("name", NameType.Declaring(Kind, isForUse: true), p => p.Name)
    {
        Summary = "What listeners, metrics and explanations call the program.",
        Example = "redis-guard",
    };

    private static readonly Key<RuleSet, Framing?> Framing =
        new("framing", new OptionalType<Framing>(FramingSection.Shared, null), p => p.Framing)
        {
            Summary = "How the stream divides into messages, which the rules see one by one and whole. Without it a message is what " +
                "is at hand.",
            Example = "{ delimiter: \"\\r\\n\" }",
            Default = null,
        };

    private static readonly Key<RuleSet, int> MaxMessage = new("max_message",
        new MappedType<long, int>(new ByteSizeType(1, RuleSet.LargestMaxMessage), size => (int)size, size => size), p => p.MaxMessage)
    {
        Summary = "The longest message that framing may announce, and the most that is gathered for a decision. A longer message " +
            "ends the connection.",
        Example = "1MiB",
        Default = RuleSet.DefaultMaxMessage,
    };

    private static readonly Key<RuleSet, bool> CorkAsNeeded = new("cork_as_needed", new BooleanType(), p => p.CorksAsNeeded)
    {
        Summary = "Whether rules that read further than the bytes at hand wait for those bytes, so that no match depends on how " +
            "TCP cut the stream. If not, what is not there does not match.",
        Example = "false",
        Default = true,
    };

    private static readonly Key<RuleSet, ImmutableArray<Rule>> Rules =
        new("rules", new ListType<Rule>(RuleSection.Type, "rules"), p => p.Rules)
        {
            Summary = "The first whose conditions hold decides.",
        };

    private static readonly Key<RuleSet, RuleAction> Otherwise = new("otherwise", OtherwiseSection.Type, p => p.Otherwise)
    {
        Summary = "What is done when no rule decides: a verdict, or the keys of a rule from `verdict` to `ingress`.",
        Example = "drop",
        Default = new RuleAction(RuleVerdict.Pass),
    };

    public static YamlType<RuleSet> Type { get; } = new NotedType<RuleSet>(
        new Section<RuleSet>(
            [Name, Framing, MaxMessage, CorkAsNeeded, Rules, Otherwise],
            v => new RuleSet(v.Of(Name), v.Of(Rules), v.Of(Otherwise))
            {
                Framing = v.Of(Framing),
                MaxMessage = v.Of(MaxMessage),
                CorksAsNeeded = v.Of(CorkAsNeeded),
            }),
        (program, at) => at.Context.Places.Add(new PlacedProgram(program, at)));
}
