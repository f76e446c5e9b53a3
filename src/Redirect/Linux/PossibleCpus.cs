using System.Globalization;

namespace Sluice.Redirect.Linux;

/// <summary>CPUs that the kernel keeps a value for in a per-CPU map: those that may ever be there, not those that are.</summary>
internal static class PossibleCpus
{
    internal static int Count { get; } = Parse(File.ReadAllText("/sys/devices/system/cpu/possible"));

    /// <summary>Counts a list of numbers and ranges, as in <c>0-3,8</c>.</summary>
    internal static int Parse(ReadOnlySpan<char> list)
    {
        int count = 0;
        foreach (Range part in list.Split(','))
        {
            ReadOnlySpan<char> range = list[part].Trim();
            int dash = range.IndexOf('-');
            count += dash < 0 ? 1 : Number(range[(dash + 1)..]) - Number(range[..dash]) + 1;
        }

        return count;
    }

    private static int Number(ReadOnlySpan<char> text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
