using Microsoft.AspNetCore.Connections;
using Sluice.ProxyHost.Model;

namespace Sluice.ProxyHost.Listeners;

/// <summary>One address that is listened on: its accept queues, each with its loop. It outlives the configurations of its listener.</summary>
internal sealed class BoundAddress(AddressKey key, IReadOnlyList<IConnectionListener> queues)
{
    /// <summary>What it is known by.</summary>
    public AddressKey Key => key;

    /// <summary>One for each reactor.</summary>
    public IReadOnlyList<IConnectionListener> Queues => queues;

    /// <summary>Whether its queues take connections to addresses that are not this host's.</summary>
    public bool IsTransparent { get; set; }

    /// <summary>Who accepts from it now; null while nobody does.</summary>
    public ListenerState? Listener { get; set; }

    /// <summary>One for each queue, in their order; empty before they run.</summary>
    public AcceptLoop[] Loops { get; set; } = [];

    /// <summary>Completes when every loop has ended.</summary>
    public Task Accepting { get; set; } = Task.CompletedTask;
}
