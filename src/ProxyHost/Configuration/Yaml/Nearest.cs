namespace Sluice.ProxyHost.Configuration.Yaml;

/// <summary>Finds the known name that a mistyped one most likely meant.</summary>
internal static class Nearest
{
    /// <summary>"did you mean `balance`?", or null when no known name is near enough to be worth saying.</summary>
    public static string? DidYouMean(string written, IEnumerable<string> known) =>
        Find(written, known) is { } near ? $"did you mean `{near}`?" : null;

    /// <summary>
    /// The nearest name: at most a third of its letters wrong, or one a beginning of the other (`warn`, `information`).
    /// </summary>
    public static string? Find(string written, IEnumerable<string> known)
    {
        string plain = Plain(written);
        if (plain.Length == 0 || plain.Length > 64) return null;
        (string Name, int Distance)? best = null;
        foreach (string name in known)
        {
            int distance = Distance(plain, Plain(name));
            bool near = distance <= Math.Max(1, Math.Max(plain.Length, name.Length) / 3) && distance < plain.Length;
            if (!near && !IsBeginning(plain, Plain(name))) continue;
            if (best is null || distance < best.Value.Distance) best = (name, distance);
        }
        return best?.Name;
    }

    /// <summary>Edits between two words: insert, delete, replace, or swap two neighbours (optimal string alignment).</summary>
    public static int Distance(string a, string b)
    {
        int[,] edits = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) edits[i, 0] = i;
        for (int j = 0; j <= b.Length; j++) edits[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int replace = edits[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                edits[i, j] = Math.Min(replace, Math.Min(edits[i - 1, j], edits[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    edits[i, j] = Math.Min(edits[i, j], edits[i - 2, j - 2] + 1);
            }
        }
        return edits[a.Length, b.Length];
    }

    // idleTimeout, idle-timeout and Idle_Timeout are the same word to who typed them.
    private static string Plain(string name) =>
        new([.. name.Where(c => c is not ('_' or '-' or ' ')).Select(char.ToLowerInvariant)]);

    private static bool IsBeginning(string a, string b) =>
        Math.Min(a.Length, b.Length) >= 3 && (a.StartsWith(b, StringComparison.Ordinal) || b.StartsWith(a, StringComparison.Ordinal));
}
