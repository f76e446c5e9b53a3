using Sluice.Redirect.Rules;

namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>What the kernel leaves of a program with framing: it divides no stream, and judges what comes as one message (docs/decisions/0017).</summary>
internal static class FramingRefusal
{
    internal static OffloadRefusal Find(Framing framing, bool hasHeader) => framing switch
    {
        FixedLength or LengthPrefix when hasHeader => new OffloadRefusal(
            OffloadScope.Message, null, null, "framing: where not exactly one message arrives at once, as the kernel has one verdict for all that does"),
        LengthPrefix => new OffloadRefusal(OffloadScope.Program, null, null, "framing: the length stands beyond max_message"),
        _ => new OffloadRefusal(OffloadScope.Program, null, null, "framing: the kernel does not search for a delimiter"),
    };
}
