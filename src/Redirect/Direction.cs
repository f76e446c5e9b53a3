namespace Sluice.Redirect;

/// <summary>Which end of a proxied connection bytes come from.</summary>
public enum Direction : byte
{
    /// <summary>From the client that was accepted, on to the upstream.</summary>
    FromClient = 0,
    /// <summary>From the upstream that was dialled, on to the client.</summary>
    FromUpstream = 1,
}
