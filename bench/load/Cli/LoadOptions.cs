namespace Sluice.Load.Cli;

/// <summary>What to run.</summary>
/// <param name="Rounds">How often every proxy gets its turn.</param>
/// <param name="Duration">Of one measurement.</param>
/// <param name="WarmUp">Unmeasured traffic before each measurement.</param>
/// <param name="Only">Empty for everything.</param>
/// <param name="JsonPath">Where the JSON report goes, or null.</param>
/// <param name="SluicePath">A binary to measure instead of a fresh one, or null.</param>
/// <param name="Extras">Further sluices to compare.</param>
/// <param name="Variants">Whether HAProxy and nginx run with 256 KiB buffers too.</param>
/// <param name="IdleConnections">Connections held open by the footprint run.</param>
/// <param name="Starts">Times the footprint run starts each program.</param>
internal sealed record LoadOptions(
    int Rounds,
    TimeSpan Duration,
    TimeSpan WarmUp,
    IReadOnlyList<Selection> Only,
    string? JsonPath,
    string? SluicePath,
    IReadOnlyList<ExtraSluice> Extras,
    bool Variants,
    int IdleConnections,
    int Starts)
{
    /// <summary>The footprint run's name among the scenarios.</summary>
    public const string Idle = "idle";

    public bool Wants(string scenario, string proxy) =>
        (Only.Count == 0 && !Selection.IsByNameOnly(scenario)) || Only.Any(selection => selection.Includes(scenario, proxy));
}

/// <summary>A scenario, a proxy, or one through the other: "ping-512", "/nginx", "ping-512/nginx".</summary>
internal sealed record Selection(string Scenario, string Proxy)
{
    private static readonly string[] Scenarios = [.. Traffic.Scenario.All.Select(scenario => scenario.Name), LoadOptions.Idle];

    /// <exception cref="FormatException">There is no such scenario.</exception>
    public static Selection Parse(string text)
    {
        string[] parts = text.Split('/', 2);
        if (parts[0].Length > 0 && !Scenarios.Contains(parts[0]))
            throw new FormatException($"there is no scenario '{parts[0]}', only {string.Join(", ", Scenarios)}.");
        return new Selection(parts[0], parts.Length > 1 ? parts[1] : "");
    }

    /// <summary>Whether a scenario is left out where scenarios are not named: it takes programs that may not be there.</summary>
    public static bool IsByNameOnly(string scenario) => Traffic.Scenario.All.Any(other => other.Name == scenario && other.IsApplication);

    public bool Includes(string scenario, string proxy) =>
        (Scenario.Length == 0 ? !IsByNameOnly(scenario) : Scenario == scenario) && (Proxy.Length == 0 || Proxy == proxy);
}

/// <summary>
/// Another sluice: "name=path,key=value…", the path empty for the same binary, the keys of its runtime section; the key "rules" is
/// how many rules judge what clients send, and "reload" how many milliseconds lie between two reloads while it is measured.
/// </summary>
internal sealed record ExtraSluice(string Name, string Path, IReadOnlyDictionary<string, string> Runtime, int Rules, TimeSpan ReloadEvery)
{
    private const string RulesKey = "rules";
    private const string ReloadKey = "reload";

    /// <exception cref="FormatException">Not of that form.</exception>
    public static ExtraSluice Parse(string text)
    {
        string[] parts = text.Split(',');
        (string name, string path) = Pair(parts[0], text);
        Dictionary<string, string> keys = parts.Skip(1).Select(part => Pair(part, text)).ToDictionary(pair => pair.Key, pair => pair.Value);
        int rules = 0;
        if (keys.Remove(RulesKey, out string? number) && (!int.TryParse(number, out rules) || rules < 1))
            throw new FormatException($"'{number}' in '{text}' is not a number of rules.");
        int reload = 0;
        if (keys.Remove(ReloadKey, out string? period) && (!int.TryParse(period, out reload) || reload < 1))
            throw new FormatException($"'{period}' in '{text}' is not a number of milliseconds.");
        return new ExtraSluice(name, path, keys, rules, TimeSpan.FromMilliseconds(reload));
    }

    private static (string Key, string Value) Pair(string part, string whole)
    {
        int equals = part.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? (part[..equals], part[(equals + 1)..])
            : throw new FormatException($"'{part}' in '{whole}' is not name=value.");
    }
}
