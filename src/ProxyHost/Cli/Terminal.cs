namespace Sluice.ProxyHost.Cli;

/// <summary>Where a command writes.</summary>
/// <param name="Output">Results, fit to be piped on.</param>
/// <param name="Error">Everything that is for people.</param>
internal sealed record Terminal(TextWriter Output, TextWriter Error);
