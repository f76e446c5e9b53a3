namespace Sluice.Redirect.Splicing.Bypass;

/// <summary>
/// What lies in an application's socket about its direction: offsets in bytes. Written once, by the promotion program, and never
/// changed: whether it still holds is decided by the record's generation.
/// </summary>
internal static class SenderLayout
{
    /// <summary>u64: the direction's key in both sockhashes, never used again.</summary>
    internal const int KeyAt = 0;

    /// <summary>u64: the address of the sink's struct sock. Says nothing unless the cookie there is <see cref="SinkCookieAt"/>.</summary>
    internal const int SinkAt = 8;

    /// <summary>u64: the sink's SO_COOKIE.</summary>
    internal const int SinkCookieAt = 16;

    /// <summary>u32: the direction's record.</summary>
    internal const int IndexAt = 24;

    /// <summary>u32: the record's generation while it is of this direction.</summary>
    internal const int GenerationAt = 28;

    /// <summary>u32: the application's write_seq at <see cref="BypassRecord.Forwarded"/> = 0, if the proxy had everything then.</summary>
    internal const int WriteBaseAt = 32;

    /// <summary>u32: the sink's write_seq at the same moment.</summary>
    internal const int SinkBaseAt = 36;

    internal const int Size = 40;
}
