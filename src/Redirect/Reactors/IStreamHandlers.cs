namespace Sluice.Redirect.Reactors;

/// <summary>Takes what a <see cref="StreamSocket"/> receives. Called on the reactor's thread.</summary>
internal interface IReceiveHandler
{
    /// <summary>There may be bytes, an end of stream or an error to receive: <see cref="StreamSocket.Receive"/> tells.</summary>
    void OnReceiveReady();

    /// <summary>A handler of this socket threw: end what it belongs to.</summary>
    void OnFault(Exception exception);
}

/// <summary>Feeds what a <see cref="StreamSocket"/> sends. Called on the reactor's thread.</summary>
internal interface ISendHandler
{
    /// <summary>A connect finished, or there is room again after a send that took less than it was given.</summary>
    void OnSendReady();
}
