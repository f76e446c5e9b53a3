using Microsoft.AspNetCore.Connections;
using Sluice.ProxyHost.Model;

namespace Sluice.ProxyHost.Listeners;

/// <summary>An accept queue that is bound, and whose it is.</summary>
internal sealed record BoundListener(ListenerState Listener, IConnectionListener Queue);
