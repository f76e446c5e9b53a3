using System.Net;

namespace Sluice.ProxyHost.Listeners;

/// <summary>
/// What a bound address is known by from one configuration to the next: the address itself, whoever's it is. Where the kernel
/// chooses the port, the listener and its how manieth such address.
/// </summary>
internal readonly record struct AddressKey(EndPoint EndPoint, string? Listener = null, int Number = 0);
