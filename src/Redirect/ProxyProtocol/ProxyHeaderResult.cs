using System.Diagnostics.CodeAnalysis;

namespace Sluice.Redirect.ProxyProtocol;

/// <summary>What the first bytes of a stream are, as far as a PROXY header goes. All but <see cref="NeedMore"/> are final.</summary>
public enum ProxyHeaderStatus : byte
{
    /// <summary>They may still become a header.</summary>
    NeedMore = 0,

    /// <summary>They begin with a whole header.</summary>
    Complete,

    /// <summary>They begin like no version of it: the connection has no header.</summary>
    Absent,

    /// <summary>They begin like a header and break the format, or are longer than is allowed.</summary>
    Invalid,
}

/// <summary>The outcome of <see cref="ProxyHeaderReader.Read"/>.</summary>
/// <param name="Status">What they are.</param>
/// <param name="Header">The header; null unless it is complete.</param>
/// <param name="Consumed">How many bytes the header has; data begins behind them. 0 unless it is complete.</param>
/// <param name="Problem">What is wrong in words; null unless it is invalid.</param>
public readonly record struct ProxyHeaderResult(ProxyHeaderStatus Status, ProxyHeader? Header, int Consumed, string? Problem)
{
    /// <summary>True when there is a header.</summary>
    [MemberNotNullWhen(true, nameof(Header))]
    public bool IsComplete => Header is not null;

    internal static ProxyHeaderResult Complete(ProxyHeader header, int consumed) => new(ProxyHeaderStatus.Complete, header, consumed, null);

    internal static ProxyHeaderResult Invalid(string problem) => new(ProxyHeaderStatus.Invalid, null, 0, problem);
}
