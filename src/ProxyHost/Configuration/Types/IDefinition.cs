using System.Text.Json.Nodes;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>What schema and manual describe once for all keys that have it.</summary>
internal interface IDefinition
{
    /// <summary>What it is found under.</summary>
    string Name { get; }

    /// <summary>Its keys.</summary>
    IReadOnlyList<Key> Keys { get; }

    /// <summary>Its schema, where <see cref="SharedType{T}.Schema"/> is a reference to it.</summary>
    JsonObject Definition();
}
