namespace Sluice.Redirect.Splicing.Programs;

/// <summary>Bytes by what became of them, in one direction of a psock.</summary>
internal sealed class PsockCounters
{
    internal long Dropped { get; set; }

    internal long Passed { get; set; }

    internal long Redirected { get; set; }

    /// <summary>Passed because their redirect failed; counted in <see cref="Passed"/> too.</summary>
    internal long RedirectFailed { get; set; }
}
