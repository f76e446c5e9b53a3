namespace Sluice.ProxyHost.Cli.Top;

/// <summary>Characters that a terminal without Unicode lacks: the levels of plots from nothing to full, signs for states, arrows, and what stands for text that was cut off.</summary>
internal sealed record Glyphs(string Levels, string Good, string Warn, string Bad, string Idle, string Up, string Down, string Cut)
{
    public static readonly Glyphs Unicode = new(" ▁▂▃▄▅▆▇█", "●", "▲", "✕", "○", "▲", "▼", "…");

    public static readonly Glyphs Ascii = new(" .:-=+*#@", "+", "!", "x", "o", "^", "v", "~");
}
