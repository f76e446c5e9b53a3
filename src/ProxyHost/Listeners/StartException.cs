namespace Sluice.ProxyHost.Listeners;

/// <summary>The daemon cannot start here and now, though its configuration is valid. The message says what and what to do.</summary>
internal sealed class StartException(string message, Exception inner) : Exception(message, inner);
