namespace Sluice.ProxyHost.Configuration.Yaml;

/// <summary>A scalar with its variables filled in.</summary>
internal readonly record struct ScalarValue(string Text, ScalarKind Kind);
