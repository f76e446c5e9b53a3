namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>What is wrong with a text, and what to do about it.</summary>
internal sealed record Problem(string Message, string? Suggestion = null);

/// <summary>A value, or why there is none.</summary>
internal readonly struct Parsed<T>
{
    private Parsed(T? value, Problem? problem) => (Value, Problem) = (value, problem);

    public T? Value { get; }

    public Problem? Problem { get; }

    public static implicit operator Parsed<T>(T value) => new(value, null);

    public static implicit operator Parsed<T>(Problem problem) => new(default, problem);
}
