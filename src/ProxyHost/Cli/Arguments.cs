using System.CommandLine;

namespace Sluice.ProxyHost.Cli;

/// <summary>Arguments that several commands have.</summary>
internal static class Arguments
{
    /// <summary>The configuration file, or the default one.</summary>
    public static Argument<string> OptionalConfig() => new("yaml")
    {
        Description = "The configuration file.",
        DefaultValueFactory = _ => SluiceCli.DefaultConfig,
    };
}
