using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Configuration.Yaml;

/// <summary>
/// Where the programs and conditions of a document stand, for what is found out about them once they are whole. Things are
/// told apart as objects: two equal conditions have two places.
/// </summary>
internal sealed class PlaceTable
{
    private readonly Dictionary<object, Cursor> _places = new(ReferenceEqualityComparer.Instance);
    private readonly List<PlacedProgram> _programs = [];

    /// <summary>Every program that could be read, in the order of the document.</summary>
    public IReadOnlyList<PlacedProgram> Programs => _programs;

    public void Add(Predicate condition, Cursor at) => _places.TryAdd(condition, at);

    public void Add(PlacedProgram program) => _programs.Add(program);

    /// <summary>Where a condition stands; null for one that was not written, such as that of a rule without <c>when</c>.</summary>
    public Cursor? Of(Predicate condition) => _places.TryGetValue(condition, out Cursor at) ? at : null;
}
