using System.Diagnostics.CodeAnalysis;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>The values of one section while it is read, each under its key.</summary>
internal sealed class Values<TRecord>
{
    private readonly Dictionary<Key, object?> _values = [];

    /// <summary>The value of a key. Every key of the section has one by the time the record is built.</summary>
    public TValue Of<TValue>(Key<TRecord, TValue> key) => (TValue)_values[key]!;

    /// <summary>The value of a key, for who looks at a section that may not have been read whole.</summary>
    public bool TryOf<TValue>(Key<TRecord, TValue> key, [MaybeNullWhen(false)] out TValue value)
    {
        bool has = _values.TryGetValue(key, out object? any);
        value = has ? (TValue)any! : default;
        return has;
    }

    public void Set<TValue>(Key<TRecord, TValue> key, TValue value) => _values[key] = value;
}
