using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Compilation;

/// <summary>Stands between a parser machine and its parser, and keeps what that said last.</summary>
internal sealed class ReplayParser(IStreamParser parser) : IStreamParser
{
    /// <summary>How long the message is, as far as that is known: 0 until it is.</summary>
    internal int Announced { get; private set; }

    public int Parse(Message message) => Announced = parser.Parse(message);
}
