namespace TcpProxyConformance.Wire;

/// <summary>A case's requirement is not met: ends the case.</summary>
/// <param name="expected">What should have been.</param>
/// <param name="seen">What was.</param>
/// <param name="kind">In two or three words, for a table.</param>
internal sealed class Failure(string expected, string seen, string kind) : Exception($"expected {expected}; seen: {seen}")
{
    public string Expected => expected;

    public string Seen => seen;

    public string Kind => kind;

    /// <summary>A condition of a case.</summary>
    public static void Unless(bool met, string expected, string seen, string kind)
    {
        if (!met)
            throw new Failure(expected, seen, kind);
    }

    /// <summary>A stream that did not come as it was sent.</summary>
    public static void UnlessSame(Party at, Receipt expected, Receipt seen)
    {
        if (expected == seen)
            return;
        string kind = seen.FirstWrong is not null ? "wrong bytes"
            : seen.Bytes != expected.Bytes ? $"bytes lost, {seen.End.Name()}"
            : $"{seen.End.Name()} for {expected.End.Name()}";
        throw new Failure($"at the {at.Name()} {expected}", seen.ToString(), kind);
    }
}
