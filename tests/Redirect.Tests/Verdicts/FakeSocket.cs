using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Tests.Verdicts;

/// <summary>A socket that is only named.</summary>
internal sealed record FakeSocket(ulong Cookie) : IRedirectSocket;

/// <summary>A map of named sockets.</summary>
internal sealed class FakeMap : Dictionary<int, IRedirectSocket>, IRedirectMap<int>
{
    IRedirectSocket? IRedirectMap<int>.Find(in int key) => this.GetValueOrDefault(key);
}

/// <summary>A program or parser that is a function.</summary>
internal sealed class Program(Func<Message, Verdict> run) : IVerdictProgram
{
    public Verdict Run(Message message) => run(message);
}

/// <inheritdoc cref="Program"/>
internal sealed class Parser(Func<Message, int> parse) : IStreamParser
{
    public int Parse(Message message) => parse(message);
}
