namespace Sluice.Redirect.Splicing.Programs;

/// <summary>The spliced connection that a psock belongs to. Called on the reactor's thread.</summary>
internal interface IPsockOwner
{
    /// <summary>Its socket took bytes.</summary>
    void Sent(Psock psock, long count);

    /// <summary>Nothing is queued to be sent. Told each time the queue has been flushed.</summary>
    void AllSent(Psock psock);

    /// <summary>All that had arrived was received and judged.</summary>
    void Drained(Psock psock);

    /// <summary>Everything that arrived was judged and delivered, and nothing more will arrive.</summary>
    void StreamEnded(Psock psock);

    /// <summary>FIN was sent after the last byte.</summary>
    void FinSent(Psock psock);

    /// <summary>It ended before its time and is closed; <see cref="Psock.End"/> says why.</summary>
    void Ended(Psock psock);
}
