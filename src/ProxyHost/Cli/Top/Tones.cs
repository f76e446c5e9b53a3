using Spectre.Console;

namespace Sluice.ProxyHost.Cli.Top;

/// <summary>How things look. Never the only sign of what they are: without colours everything is still told.</summary>
internal static class Tones
{
    public static readonly Style Plain = Style.Plain;
    public static readonly Style Quiet = new(decoration: Decoration.Dim);
    public static readonly Style Strong = new(decoration: Decoration.Bold);
    public static readonly Style Chosen = new(decoration: Decoration.Invert | Decoration.Bold);
    public static readonly Style Heading = new(Color.Blue, decoration: Decoration.Bold);
    public static readonly Style First = new(Color.Blue);
    public static readonly Style Second = new(Color.Olive);
    public static readonly Style Good = new(Color.Green);
    public static readonly Style Warn = new(Color.Olive, decoration: Decoration.Bold);
    public static readonly Style Bad = new(Color.Red, decoration: Decoration.Bold);
}
