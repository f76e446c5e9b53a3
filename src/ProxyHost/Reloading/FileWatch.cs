using System.Text;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Logging;
using Sluice.ProxyHost.Model;

namespace Sluice.ProxyHost.Reloading;

/// <summary>
/// Reads the configuration again when its file changes. Whole directories are watched, that of the file and of everything that
/// links lead to: editors put another file in its place, and Kubernetes another target under a link beside it. The file must have stayed
/// the same for a moment, so that it is not taken over while it is being written; what else goes on in its directory is no matter.
/// </summary>
internal sealed class FileWatch(ConfigSource source, ProxyModel model, Reloader reloader, ILogger<FileWatch> log) : BackgroundService
{
    private const char ByteOrderMark = '\uFEFF';
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(200);

    private readonly SemaphoreSlim _news = new(0);

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _news.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        SluiceConfig config = model.Config;
        if (!config.Runtime.WatchConfig || source.Path is not { } path)
            return;

        byte[] known = Content(path);
        // It may have changed since the configuration was read that the daemon runs with.
        if (config.Source is { } read && Encoding.UTF8.GetString(known).TrimStart(ByteOrderMark) != read.Text.TrimStart(ByteOrderMark))
            known = [];
        while (!stoppingToken.IsCancellationRequested)
        {
            // Anew each time: links may lead elsewhere.
            List<FileSystemWatcher> watchers = Watch(path);
            byte[] now;
            try
            {
                if (Content(path).AsSpan().SequenceEqual(known))
                    await _news.WaitAsync(stoppingToken);
                now = await SettledAsync(path, stoppingToken);
            }
            finally
            {
                watchers.ForEach(watcher => watcher.Dispose());
            }

            if (now.AsSpan().SequenceEqual(known))
                continue;
            known = now;
            await reloader.ReloadAsync("file", stoppingToken);
        }
    }

    private async Task<byte[]> SettledAsync(string path, CancellationToken stoppingToken)
    {
        byte[] now = Content(path);
        while (true)
        {
            byte[] before = now;
            await Task.Delay(Quiet, stoppingToken);
            while (_news.Wait(0, CancellationToken.None))
            {
                // What is read now is what it was about.
            }

            now = Content(path);
            if (now.AsSpan().SequenceEqual(before))
                return now;
        }
    }

    private List<FileSystemWatcher> Watch(string path)
    {
        List<FileSystemWatcher> watchers = [];
        foreach (string directory in ConfigLinks.DirectoriesOf(path))
        {
            try
            {
                var watcher = new FileSystemWatcher(directory) { NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite };
                watchers.Add(watcher);
                watcher.Changed += (_, _) => Tell();
                watcher.Created += (_, _) => Tell();
                watcher.Deleted += (_, _) => Tell();
                watcher.Renamed += (_, _) => Tell();
                watcher.Error += (_, _) => Tell();
                watcher.EnableRaisingEvents = true;
            }
            catch (Exception error) when (error is IOException or ArgumentException or UnauthorizedAccessException)
            {
                log.WatchFailed(error.Message);
            }
        }

        return watchers;
    }

    private void Tell()
    {
        try
        {
            _news.Release();
        }
        catch (Exception error) when (error is ObjectDisposedException or SemaphoreFullException)
        {
            // The daemon has stopped, or there is news enough.
        }
    }

    private static byte[] Content(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
