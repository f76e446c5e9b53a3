using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Splicing.Programs;

/// <summary>What one psock may hold. All are in bytes and at least 1.</summary>
internal sealed record PsockOptions
{
    /// <summary>
    /// With so many bytes in a queue whoever feeds it stops. The queue can be longer by what was judged at once: one read (at
    /// most this many bytes again) with what programs inserted, or one message that was sent.
    /// </summary>
    public int QueueBytes { get; init; } = 256 * 1024;

    /// <summary>The longest message a stream parser may announce.</summary>
    public int MessageBytes { get; init; } = 256 * 1024;

    /// <summary>The most a program may cork, and insert in one run.</summary>
    public int CorkBytes { get; init; } = 64 * 1024;

    /// <summary>Hears, on the reactor's thread, of each segment whose redirect failed and which was passed instead.</summary>
    public Action<Psock, Decision>? RedirectFailed { get; init; }
}
