using Sluice.ProxyHost.Configuration.Yaml;
using Sluice.Redirect;
using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Configuration.Reviews;

/// <summary>Warns of conditions that cannot hold in the directions that a program is attached to.</summary>
internal static class AttachmentReview
{
    public static void Run(SluiceConfig config, PlaceTable places)
    {
        HashSet<string?> fromClient = [.. config.Listeners.Select(l => l.Programs.FromClient)];
        HashSet<string?> fromUpstream = [.. config.Listeners.Select(l => l.Programs.FromUpstream)];
        foreach (PlacedProgram placed in places.Programs.Where(p => !p.IsRouting))
        {
            (bool client, bool upstream) = (fromClient.Contains(placed.Program.Name), fromUpstream.Contains(placed.Program.Name));
            if (client == upstream) continue;
            foreach (Predicate test in placed.Program.Rules.SelectMany(rule => Tests(rule.When))) Look(test, client, places);
        }
    }

    private static void Look(Predicate test, bool isFromClient, PlaceTable places)
    {
        Direction only = isFromClient ? Direction.FromClient : Direction.FromUpstream;
        string? message = test switch
        {
            NameTest when !isFromClient => "listeners have this program for what upstreams send, and no upstream sends a ClientHello",
            NumberTest { Field: Field.Direction } direction when !direction.Values.Contains((ulong)only) =>
                $"listeners have this program for `{(isFromClient ? "from_client" : "from_upstream")}` only, so this never holds",
            _ => null,
        };
        if (message is not null) places.Of(test)?.Warning(message, "remove the condition, or name the program for the other direction");
    }

    private static IEnumerable<Predicate> Tests(Predicate condition) => condition switch
    {
        AllOf all => all.Parts.SelectMany(Tests),
        AnyOf any => any.Parts.SelectMany(Tests),
        Not not => Tests(not.Part),
        _ => [condition],
    };
}
