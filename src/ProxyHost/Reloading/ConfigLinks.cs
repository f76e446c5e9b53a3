namespace Sluice.ProxyHost.Reloading;

/// <summary>Where the file of a configuration really is.</summary>
internal static class ConfigLinks
{
    private const int MostLinks = 40; // as the kernel follows

    /// <summary>The directories of a path and of all that symbolic links on it lead to, each once.</summary>
    public static IReadOnlyList<string> DirectoriesOf(string path)
    {
        List<string> directories = [];
        string at = Path.GetFullPath(path);
        for (int links = 0; links < MostLinks; links++)
        {
            string directory = Path.GetDirectoryName(at) ?? "/";
            if (!directories.Contains(directory))
                directories.Add(directory);
            if (NextOf(at) is not { } next)
                break;
            at = next;
        }

        return [.. directories.Where(Directory.Exists)];
    }

    // The path with its last link replaced by what that leads to; null when there is none.
    private static string? NextOf(string path)
    {
        for (string? part = path; part is not null and not "/"; part = Path.GetDirectoryName(part))
        {
            if (new FileInfo(part).LinkTarget is { } target)
                return Path.GetFullPath(Path.Combine(Path.GetDirectoryName(part)!, target) + path[part.Length..]);
        }

        return null;
    }
}
