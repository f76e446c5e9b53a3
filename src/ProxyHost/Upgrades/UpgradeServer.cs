using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Sluice.ProxyHost.Admin;
using Sluice.ProxyHost.Listeners;
using Sluice.ProxyHost.Logging;
using Sluice.ProxyHost.Reloading;
using Sluice.Redirect;
using Sluice.Redirect.Transports;

namespace Sluice.ProxyHost.Upgrades;

/// <summary>
/// Gives the listening sockets to a successor that connects to the upgrade socket, and leaves once that is ready. A successor that
/// goes before changes nothing. On a thread of its own.
/// </summary>
internal sealed class UpgradeServer(
    ListenerSet listeners, AdminTransport admin, AcceptFailures failures, Reloader reloader, IHostApplicationLifetime lifetime, ILogger<UpgradeServer> log)
    : IDisposable
{
    private static readonly TimeSpan AcceptPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly TaskCompletionSource _closed = new();
    private Socket? _listener;

    /// <summary>Listens, for this user alone. Throws <see cref="SocketException"/> or <see cref="IOException"/>.</summary>
    public async Task StartAsync(EndPoint upgrade, CancellationToken cancellationToken)
    {
        _ = await UnixSocketFile.RemoveIfStaleAsync(upgrade, cancellationToken);
        var listener = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        try
        {
            listener.Bind(upgrade);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(UnixSocketFile.PathOf(upgrade)!, UnixFileMode.UserRead | UnixFileMode.UserWrite); // nobody can connect yet
            listener.Listen();
        }
        catch
        {
            listener.Dispose();
            throw;
        }

        _listener = listener;
        failures.Attribute(upgrade, "upgrade");
        new Thread(() => Run(listener, upgrade)) { Name = "upgrade", IsBackground = true }.Start();
    }

    public void Dispose()
    {
        _closed.TrySetResult();
        _listener?.Dispose();
    }

    private void Run(Socket listener, EndPoint upgrade)
    {
        try
        {
            bool hasLeft = false;
            while (!hasLeft)
            {
                using Socket? successor = Accept(listener, upgrade);
                hasLeft = successor is not null && Serve(successor);
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The daemon stops.
        }
        catch (Exception defect)
        {
            log.UpgradeDefect(defect);
        }
    }

    // Null: there is nothing to let it in with at the moment. It waits, or is gone.
    private Socket? Accept(Socket listener, EndPoint upgrade)
    {
        try
        {
            return listener.Accept();
        }
        catch (SocketException failure) when (failure.ToErrno() is Errno.EMFILE or Errno.ENFILE or Errno.ENOBUFS or Errno.ENOMEM or Errno.ECONNABORTED)
        {
            failures.Report(upgrade, failure.ToErrno());
            _ = _closed.Task.Wait(AcceptPause);
            return null;
        }
    }

    private bool Serve(Socket successor)
    {
        int handle = (int)successor.Handle;
        if (!UpgradeChannel.IsTrusted(handle))
        {
            log.UpgradeRefused();
            return false;
        }

        successor.ReceiveTimeout = (int)Patience.TotalMilliseconds;
        successor.SendTimeout = (int)Patience.TotalMilliseconds;
        IConnectionListener[] queues = [.. listeners.Bound.Select(bound => bound.Queue), .. admin.Listeners];
        foreach (int[] some in queues.OfType<IHandOver>().Select(queue => queue.Descriptor).Where(fd => fd >= 0).Chunk(UpgradeChannel.MostDescriptors))
            UpgradeChannel.Send(handle, UpgradeWords.Sockets, some);
        UpgradeChannel.Send(handle, UpgradeWords.End, []);
        log.UpgradeBegun(); // what is sent is kept for it, also if this daemon dies

        HashSet<string> taken = [];
        while (UpgradeChannel.Receive(handle, out _) is { } word)
        {
            if (word.StartsWith(UpgradeWords.Took, StringComparison.Ordinal))
            {
                taken.Add(word[UpgradeWords.Took.Length..]);
            }
            else if (word == UpgradeWords.Ready)
            {
                LeaveAsync(queues.Where(queue => taken.Contains(queue.EndPoint.ToString()!))).GetAwaiter().GetResult();
                UpgradeChannel.Send(handle, UpgradeWords.Left, []);
                return true;
            }
        }

        log.UpgradeGivenUp();
        return false;
    }

    private async Task LeaveAsync(IEnumerable<IConnectionListener> taken)
    {
        await reloader.CloseAsync(CancellationToken.None);
        foreach (IHandOver queue in taken.OfType<IHandOver>())
            await queue.HandOverAsync();
        _listener!.Dispose(); // removes its file, which is the successor's from now on
        log.UpgradeDone();
        lifetime.StopApplication();
    }
}
