using System.Net;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Transports;

/// <summary>Listening sockets that this process was given, by their addresses: they are used in place of new ones. Safe from any thread.</summary>
public sealed class InheritedSockets : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<EndPoint, List<int>> _sockets = [];

    /// <summary>Takes over a descriptor. EINVAL: it is no listening stream socket; it is closed then. Otherwise an errno of the kernel.</summary>
    public Errno Add(int descriptor)
    {
        int result = Syscall.GetOption(descriptor, SocketOption.AcceptsConnections, out int listens);
        if (result == 0 && listens == 0)
            result = -(int)Errno.EINVAL;
        SocketAddressBuffer address = default;
        if (result >= 0)
            result = Syscall.GetSocketName(descriptor, out address);
        if (result >= 0)
            result = Syscall.MakeOurs(descriptor);
        if (result < 0)
        {
            Syscall.Close(descriptor);
            return (Errno)(-result);
        }

        if (address.Family != AddressFamily.Unix)
        {
            // As the sockets that are made here have them.
            _ = Syscall.SetOption(descriptor, SocketOption.NoDelay, 1);
            _ = Syscall.SetOption(descriptor, SocketOption.OutOfBandInline, 1);
        }

        lock (_lock)
        {
            EndPoint key = address.ToEndPoint();
            if (!_sockets.TryGetValue(key, out List<int>? those))
                _sockets[key] = those = [];
            those.Add(descriptor);
        }

        return Errno.None;
    }

    /// <summary>The addresses whose sockets nobody has taken.</summary>
    public IReadOnlyList<EndPoint> Left
    {
        get
        {
            lock (_lock)
                return [.. _sockets.Keys];
        }
    }

    /// <summary>The sockets of an address, which are the caller's from now on; null where there are none.</summary>
    internal int[]? Take(EndPoint endPoint)
    {
        lock (_lock)
            return _sockets.Remove(endPoint, out List<int>? those) ? [.. those] : null;
    }

    /// <summary>Closes what nobody has taken.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (int descriptor in _sockets.Values.SelectMany(those => those))
                Syscall.Close(descriptor);
            _sockets.Clear();
        }
    }
}
