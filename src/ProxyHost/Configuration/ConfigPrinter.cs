using Sluice.ProxyHost.Configuration.Sections;
using Sluice.ProxyHost.Configuration.Yaml;

namespace Sluice.ProxyHost.Configuration;

/// <summary>Prints a configuration as YAML with every default written out; the reader reads it back to an equal one.</summary>
public static class ConfigPrinter
{
    /// <summary>The whole configuration, every key of it, ending in a line feed.</summary>
    public static string Print(SluiceConfig config) => YamlWriter.Write(RootSection.Type.ToNode(config));
}
