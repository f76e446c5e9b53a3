using Sluice.Redirect.Maps;

namespace Sluice.Redirect.Tests.Maps;

internal static class Enumeration
{
    /// <summary>All keys, as a program in user space reads them: first, next, next.</summary>
    public static List<TKey> Of<TKey>(ISockMap<TKey> map)
        where TKey : unmanaged
    {
        List<TKey> keys = [];
        for (Errno errno = map.GetFirstKey(out TKey key); errno == Errno.None; errno = map.GetNextKey(key, out key))
            keys.Add(key);
        return keys;
    }
}
