namespace Sluice.Redirect.Verdicts;

/// <summary>Hears which rules of a program decide on a connection's messages. Called on the connection's reactor, for every decision.</summary>
public interface IVerdictObserver
{
    /// <summary>A rule matched and decided, or would have, were it no shadow.</summary>
    /// <param name="program">The program that ran.</param>
    /// <param name="rule">The rule's index; the number of rules where none matched.</param>
    void OnRule(IVerdictProgram program, int rule);
}
