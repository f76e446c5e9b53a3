using System.Collections.Immutable;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Configuration.Changes;
using Sluice.ProxyHost.Hosting;
using Sluice.ProxyHost.Logging;
using Sluice.ProxyHost.Model;
using Sluice.Redirect.Privileges;
using Sluice.Redirect.Transports;

namespace Sluice.ProxyHost.Reloading;

/// <summary>
/// Takes over another configuration while the daemon runs, as a whole or not at all. Attempts wait for each other. Safe from any
/// thread.
/// </summary>
internal sealed class Reloader(
    ConfigSource source, ProxyModel model, ModelSwitch models, ReloadHistory history, ProcessPrivileges privileges, TimeProvider clock, ILogger<Reloader> log)
    : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private bool _isClosed;

    /// <summary>Reads the file again and takes it over. Never throws: what went wrong is in the result.</summary>
    public async Task<ReloadAttempt> ReloadAsync(string trigger, CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return source.Read() switch
            {
                null => Conclude(trigger, ReloadResults.Refused, [], ["this daemon was not started from a file"]),
                { Unreadable: { } reason } => Conclude(trigger, ReloadResults.Invalid, [], [reason]),
                { Config: { } config } read => await ApplyAsync(config, read.Warnings, trigger),
                { } read => Conclude(trigger, ReloadResults.Invalid, [], [.. read.Errors.Select(error => error.ToString())]),
            };
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Takes over a valid configuration.</summary>
    public async Task<ReloadAttempt> ApplyAsync(SluiceConfig config, string trigger, CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await ApplyAsync(config, [], trigger);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Gives back what only connections that have ended needed of earlier configurations.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await models.SweepAsync();
        }
        catch (Exception defect)
        {
            log.ReloadDefect(defect);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Completes when no attempt is under way; those that come later are refused.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        _isClosed = true;
        _turn.Release();
    }

    public void Dispose() => _turn.Dispose();

    private async Task<ReloadAttempt> ApplyAsync(SluiceConfig config, ImmutableArray<ConfigDiagnostic> warnings, string trigger)
    {
        ImmutableArray<ConfigChange> changes = [];
        try
        {
            var next = new ModelSnapshot(config, model.Offload, model.Current);
            changes = [.. next.Parts.Since(model.Current.Parts)];
            foreach (ConfigDiagnostic warning in warnings)
                log.ReloadWarning(warning.ToString());
            if (_isClosed)
                return Conclude(trigger, ReloadResults.Refused, changes, ["the daemon is stopping"]);
            if (changes.IsEmpty)
                return Conclude(trigger, ReloadResults.Unchanged, [], []);
            if (FixedSettings.Errors(changes).Concat(PrivilegeNeeds.Missing(config, privileges)).ToImmutableArray() is { IsEmpty: false } errors)
                return Conclude(trigger, ReloadResults.Refused, changes, errors);

            await models.SwitchToAsync(next);
            return Conclude(trigger, ReloadResults.Applied, changes, []);
        }
        catch (BindException failure)
        {
            return Conclude(trigger, ReloadResults.Refused, changes, [failure.Message]);
        }
        catch (Exception defect)
        {
            log.ReloadDefect(defect);
            return Conclude(trigger, ReloadResults.Failed, changes, [$"{defect.GetType().Name}: {defect.Message}"]);
        }
    }

    private ReloadAttempt Conclude(string trigger, string result, ImmutableArray<ConfigChange> changes, ImmutableArray<string> errors)
    {
        long generation = history.Generation + (result == ReloadResults.Applied ? 1 : 0);
        var attempt = new ReloadAttempt(clock.GetUtcNow(), trigger, result, generation, changes, errors);
        history.Add(attempt);
        log.Reloaded(result == ReloadResults.Applied || result == ReloadResults.Unchanged ? LogLevel.Information : LogLevel.Error, trigger, result, generation);
        foreach (ConfigChange change in result == ReloadResults.Applied ? changes : [])
            log.ReloadChange(change.ToString());
        foreach (string error in errors)
            log.ReloadError(error);
        return attempt;
    }
}
