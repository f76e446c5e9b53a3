namespace Sluice.Load.Traffic;

/// <summary>Traffic against one port of 127.0.0.1, set up by its constructor so that only <see cref="Run"/> is measured. One thread.</summary>
internal interface ITraffic : IDisposable
{
    /// <summary>Runs once for <paramref name="duration"/>.</summary>
    Sample Run(TimeSpan duration);
}
