using System.Collections.Immutable;

namespace Sluice.Redirect.Rules;

/// <summary>What is to be known about one field.</summary>
/// <param name="Field">The field.</param>
/// <param name="Words">What it is called in YAML; several where the word also says how it is read.</param>
/// <param name="Kind">What its values are.</param>
/// <param name="ReadsBytes">It looks into the message, so that it may have to wait for bytes.</param>
/// <param name="Description">One sentence for people.</param>
public sealed record FieldRow(
    Field Field, ImmutableArray<string> Words, FieldKind Kind, bool ReadsBytes, string Description);
