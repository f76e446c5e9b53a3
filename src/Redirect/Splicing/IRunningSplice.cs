namespace Sluice.Redirect.Splicing;

/// <summary>What may be asked of a connection while it is spliced. Safe from any thread.</summary>
internal interface IRunningSplice : IAbortable
{
    /// <summary>As <see cref="SplicePair.Demote"/>.</summary>
    void Demote();

    /// <summary>As <see cref="SplicePair.CloseBetweenMessages"/>.</summary>
    void CloseBetweenMessages();
}
