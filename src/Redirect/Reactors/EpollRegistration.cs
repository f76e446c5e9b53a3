using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Reactors;

/// <summary>Something a reactor watches. Its slot and generation travel through epoll, so that an event which was
/// fetched before a close never reaches whoever has the slot or the descriptor afterwards.</summary>
internal abstract class EpollRegistration
{
    internal int Slot = -1;

    /// <summary>Handles events, on the reactor's thread. May close this or any other registration.</summary>
    internal abstract void OnReady(EpollEvents events);

    /// <summary>Ends what is registered after <see cref="OnReady"/> threw: the reactor and all others go on.</summary>
    internal abstract void OnFault(Exception exception);
}
