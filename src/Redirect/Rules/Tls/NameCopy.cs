using System.Runtime.CompilerServices;

namespace Sluice.Redirect.Rules.Tls;

/// <summary>Room for a name that a record's end cuts, so that it can be shown in one piece.</summary>
[InlineArray(Size)]
internal struct NameCopy
{
    /// <summary>
    /// The longest name in bytes: a protocol's has one byte for its length, and a host name in DNS has 255 (RFC 1035, 2.3.4).
    /// </summary>
    internal const int Size = 255;

    private byte _first;
}
