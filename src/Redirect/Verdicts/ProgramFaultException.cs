namespace Sluice.Redirect.Verdicts;

/// <summary>A program threw, returned what is no verdict, or would never let its bytes go. It ends the connection and nothing else.</summary>
public sealed class ProgramFaultException : Exception
{
    /// <summary>A fault with its evidence.</summary>
    public ProgramFaultException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
