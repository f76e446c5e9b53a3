namespace Sluice.Redirect.Compilation;

/// <summary>Hears of the shadow rules that match, once for each message that is decided.</summary>
public interface IShadowSink
{
    /// <summary>The shadow rule with this index matched. Called in the order of the rules, and only for those before the one that decides.</summary>
    void OnShadow(int rule);
}
