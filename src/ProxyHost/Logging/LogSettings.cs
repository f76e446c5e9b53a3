using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Telemetry;

namespace Sluice.ProxyHost.Logging;

/// <summary>
/// What <c>log</c> says at the moment, and the filters of the log that follow from it, which are looked at anew whenever it says
/// something else. Safe from any thread; <see cref="Use"/> by one at a time.
/// </summary>
internal sealed class LogSettings(LogConfig config) : IConfigureOptions<LoggerFilterOptions>, IOptionsChangeTokenSource<LoggerFilterOptions>
{
    private volatile LogConfig _current = config;
    private ConfigurationReloadToken _token = new();

    /// <summary>As configured.</summary>
    public LogConfig Current => _current;

    /// <inheritdoc/>
    public string? Name => Options.DefaultName;

    /// <summary>Hears that it says something else, on the thread that said so.</summary>
    public event Action? Changed;

    /// <summary>From the next line on.</summary>
    public void Use(LogConfig config)
    {
        if (config == _current)
            return;
        _current = config;
        Changed?.Invoke();
        Interlocked.Exchange(ref _token, new ConfigurationReloadToken()).OnReload();
    }

    /// <summary>Changes with the next change.</summary>
    public IChangeToken GetChangeToken() => Volatile.Read(ref _token);

    /// <inheritdoc/>
    public void Configure(LoggerFilterOptions options)
    {
        LogLevel level = _current.Level;
        options.MinLevel = level;
        options.AddFilter("Microsoft", level > LogLevel.Warning ? level : LogLevel.Warning);

        // A failure to start is reported once, by us, with what to do about it.
        options.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        options.AddFilter("Microsoft.AspNetCore.Server.Kestrel", wanted => wanted is LogLevel.Error);

        // log.access alone decides about the access log, whatever the level of the rest.
        options.AddFilter(AccessLog.Category, LogLevel.Information);
    }
}
