using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Compilation;

/// <summary>What a plan judges: bytes at hand and where they come from. It refers to them and copies nothing.</summary>
/// <param name="data">The message's bytes as far as they are there.</param>
/// <param name="context">The socket they pass through.</param>
/// <param name="streamOffset">How many bytes the stream has carried before them; not below 0.</param>
/// <param name="isFinal">No more will be gathered: what is not there is absent.</param>
public readonly ref struct MessageView(ReadOnlySpan<byte> data, MessageContext context, long streamOffset, bool isFinal)
{
    /// <summary>The message's bytes as far as they are there.</summary>
    public ReadOnlySpan<byte> Data { get; } = data;

    /// <summary>The socket they pass through.</summary>
    public MessageContext Context { get; } = context;

    /// <summary>How many bytes the stream has carried before them.</summary>
    public long StreamOffset { get; } = streamOffset;

    /// <summary>No more will be gathered: what is not there is absent.</summary>
    public bool IsFinal { get; } = isFinal;
}
