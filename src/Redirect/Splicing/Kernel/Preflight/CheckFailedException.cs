namespace Sluice.Redirect.Splicing.Kernel.Preflight;

/// <summary>A trial did not go as it must. Never leaves the preflight: it becomes a check's finding.</summary>
internal sealed class CheckFailedException(string finding) : Exception(finding);
