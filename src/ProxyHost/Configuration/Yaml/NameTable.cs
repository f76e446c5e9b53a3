namespace Sluice.ProxyHost.Configuration.Yaml;

/// <summary>
/// The names of a document, by kind ("cluster", "listener"): where each is declared and where it is used. Kinds are
/// open, so that a new section brings its own without a change here. A kind may have a scope, such as the rules of one
/// program; only kinds without one are referred to.
/// </summary>
internal sealed class NameTable
{
    private readonly List<(string Kind, string Scope, string Name, Cursor At)> _declared = [];
    private readonly HashSet<string> _forUse = [];
    private readonly List<(string Kind, string Name, Cursor At)> _used = [];

    /// <summary>A name, unique among those of its kind and scope.</summary>
    public void Declare(string kind, string scope, string name, Cursor at) => _declared.Add((kind, scope, name, at));

    /// <summary>Things of this kind do nothing by themselves: one that nothing refers to is a slip.</summary>
    public void AreForUse(string kind) => _forUse.Add(kind);

    public void Use(string kind, string name, Cursor at) => _used.Add((kind, name, at));

    public void Resolve()
    {
        var first = new Dictionary<(string, string, string), Cursor>();
        foreach ((string kind, string scope, string name, Cursor at) in _declared)
        {
            if (first.TryAdd((kind, scope, name), at)) continue;
            at.Error($"a {kind} named `{name}` already exists at line {first[(kind, scope, name)].Start.Line}",
                $"every {kind} needs a name of its own");
        }
        foreach ((string kind, string name, Cursor at) in _used)
        {
            if (first.ContainsKey((kind, "", name))) continue;
            at.Error($"there is no {kind} named `{name}`", Suggest(kind, name));
        }
    }

    /// <summary>A name that nothing refers to is most likely a slip, yet harmless.</summary>
    public void WarnOfUnused()
    {
        HashSet<(string, string)> used = [.. _used.Select(u => (u.Kind, u.Name))];
        foreach ((string kind, _, string name, Cursor at) in _declared)
        {
            if (_forUse.Contains(kind) && !used.Contains((kind, name)))
                at.Warning($"the {kind} `{name}` is never used", $"name it somewhere or remove it");
        }
    }

    private string Suggest(string kind, string name)
    {
        string[] known = [.. _declared.Where(d => d.Kind == kind).Select(d => d.Name).Distinct()];
        if (known.Length == 0) return $"declare it under `{kind}s`";
        string some = string.Join(", ", known.Take(8).Select(n => $"`{n}`"));
        return Nearest.DidYouMean(name, known) ?? $"the {kind}s here are {some}{(known.Length > 8 ? ", …" : "")}";
    }
}
