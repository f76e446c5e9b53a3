using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Sluice.Redirect.Bpf;

namespace Sluice.Redirect.Maps.Kernel;

/// <summary>
/// The kernel's verifier refuses a program. The message shows the instruction it stopped at in our own listing, with those around
/// it, and the end of the verifier's log.
/// </summary>
public sealed partial class VerifierException : Exception
{
    private const int LinesAround = 4;
    private const int LinesOfLog = 12;

    internal VerifierException(string name, Errno errno, ProgramImage image, string log)
        : base(Describe(name, errno, image, log))
    {
        (Errno, Log, Instruction) = (errno, log, FindInstruction(log, image.Instructions.Length));
    }

    /// <summary>What bpf(2) answered.</summary>
    public Errno Errno { get; }

    /// <summary>The verifier's log; very long ones without their beginning.</summary>
    public string Log { get; }

    /// <summary>The number of the instruction it stopped at; -1 where it names none.</summary>
    public int Instruction { get; }

    private static string Describe(string name, Errno errno, ProgramImage image, string log)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"The verifier refuses program '{name}' with {errno} ({(int)errno})");
        int count = image.Instructions.Length;
        if (FindInstruction(log, count) is >= 0 and var failing)
        {
            text.Append(CultureInfo.InvariantCulture, $" at instruction {failing}:\n");
            string? shown = null;
            for (int i = Math.Max(0, failing - LinesAround); i <= Math.Min(count - 1, failing + LinesAround); i++)
            {
                string line = image.ListingLine(i); // the two halves of a wide load are one line
                if (line != shown)
                    text.Append(i == failing ? "> " : "  ").Append(line).Append('\n');
                shown = line;
            }
        }
        else
        {
            text.Append(":\n");
        }

        text.Append("verifier:\n");
        foreach (string line in log.TrimEnd().Split('\n').TakeLast(LinesOfLog))
            text.Append("  ").Append(line).Append('\n');
        return text.ToString();
    }

    // The last instruction that the log shows is the one it stopped at; what is refused before any is walked through, such as
    // a jump to nowhere, is named by its number.
    private static int FindInstruction(string log, int count)
    {
        Match match = Walked().Match(log);
        if (!match.Success)
            match = Named().Match(log);
        return match.Success && int.TryParse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out int found) && found < count ? found : -1;
    }

    [GeneratedRegex(@"^(\d+): \(", RegexOptions.Multiline | RegexOptions.RightToLeft)]
    private static partial Regex Walked();

    [GeneratedRegex(@"\binsn (\d+)")]
    private static partial Regex Named();
}
