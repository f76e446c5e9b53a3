namespace Sluice.Redirect.Verdicts;

/// <summary>What the redirect helpers ask of a map. Callable from any reactor.</summary>
/// <typeparam name="TKey">The map's key.</typeparam>
public interface IRedirectMap<TKey>
    where TKey : unmanaged
{
    /// <summary>The socket under a key, or null: then the helper returns SK_DROP, as the kernel's do.</summary>
    IRedirectSocket? Find(in TKey key);
}

/// <summary>A socket as a map holds it and a decision names it.</summary>
public interface IRedirectSocket
{
    /// <summary>SO_COOKIE: unique for the life of the system, never reused. 0 for one that has closed, unless it was known before.</summary>
    ulong Cookie { get; }
}
