namespace Sluice.Redirect.Splicing.Bypass;

/// <summary>Why a sink's TCP has taken less than was redirected to it and sent there.</summary>
internal enum Shortfall : uint
{
    /// <summary>It was never seen to.</summary>
    None = 0,

    /// <summary>A send was still on its way there, or found less room than it had been promised: what TCP took is what arrives.</summary>
    Push,

    /// <summary>What the proxy sends there goes past that socket's TCP itself, into a next proxy's: TCP's number says nothing.</summary>
    Chain,
}
