using System.Diagnostics.CodeAnalysis;
using Sluice.ProxyHost.Configuration.Yaml;
using YamlDotNet.RepresentationModel;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>Finds the row of a table that a key of the document means.</summary>
internal static class KeyNames
{
    /// <summary>The row of that name; reports and returns false when there is none.</summary>
    public static bool TryFind<TKey>(Cursor at, YamlNode written, IReadOnlyList<TKey> keys, [NotNullWhen(true)] out TKey? key) where TKey : Key
    {
        key = null;
        if (written is not YamlScalarNode { Value: { } name })
        {
            at.Key("?", written).Error("a key must be a single word");
            return false;
        }
        key = keys.FirstOrDefault(k => k.Name == name);
        if (key is null) (at with { Node = written }).Error($"unknown key `{Quote.Text(name)}`", Suggest(name, keys));
        return key is not null;
    }

    /// <summary>For "expected the keys ...".</summary>
    public static string List(IEnumerable<Key> keys) => string.Join(", ", keys.Select(k => $"`{k.Name}`"));

    private static string Suggest(string name, IReadOnlyList<Key> keys) => name == "<<"
        ? "merge keys are not supported; repeat the keys"
        : Nearest.DidYouMean(name, keys.Select(k => k.Name)) ?? $"the keys here are {List(keys)}";
}
