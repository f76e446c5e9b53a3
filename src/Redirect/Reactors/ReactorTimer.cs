namespace Sluice.Redirect.Reactors;

/// <summary>
/// One timer of a <see cref="TimerWheel"/>: a link in the list of its slot, so that setting and cancelling take constant
/// time and allocate nothing. What has a deadline derives from it. Fires once per setting, on the reactor's thread.
/// </summary>
internal abstract class ReactorTimer
{
    internal ReactorTimer? Previous;
    internal ReactorTimer? Next;
    internal int Bucket = -1;

    /// <summary>When it is due, in the wheel's milliseconds.</summary>
    internal long Due { get; set; }

    internal bool IsSet => Bucket >= 0;

    /// <summary>The time has come. It may be set again from here.</summary>
    internal abstract void OnTimer();
}
