using System.Net;

namespace Sluice.ProxyHost.Upstreams;

/// <summary>The addresses behind an endpoint, or what was the matter with finding them.</summary>
/// <param name="Addresses">In the order to try them; empty when there is nothing to try.</param>
/// <param name="Trouble">Why there are none or only old ones; null when all went well.</param>
internal readonly record struct NameResolution(EndPoint[] Addresses, string? Trouble);
