using Sluice.Redirect.Rules;

namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>Which tests the kernel cannot make. Room for bytes is given in the order in which this is asked.</summary>
internal sealed class LeafRefusals(int mostBytes)
{
    /// <summary>The most ranges of numbers in one test; a trie is no help with them.</summary>
    internal const int MostRanges = 256;

    /// <summary>The most prefixes in one test; more than <see cref="MostInlinePrefixes"/> are looked up in a map.</summary>
    internal const int MostPrefixes = 65_536;

    internal const int MostInlinePrefixes = 64;

    internal MessageWindow Window { get; } = new();

    /// <summary>Why a test stays in the managed engine, and which field that is about; null when the kernel makes it.</summary>
    internal (Field Field, string Reason)? Find(Predicate test) => test switch
    {
        NumberTest number => OfRanges(number.Field, number.Values),
        BytesAsNumberTest number => OfRanges(Field.Number, number.Values) ?? OfBytes(Field.Number, number.Offset, number.Width),
        AddressTest address => address.Prefixes.Ranges.Count > MostPrefixes
            ? (address.Field, $"more than {MostPrefixes} prefixes")
            : null,
        BytesTest { Within: > 0 } => (Field.Bytes, "the kernel does not search"),
        BytesTest bytes => OfBytes(Field.Bytes, bytes.Offset, bytes.Values.Max(value => value.Length)),
        NameTest name => (name.Field, "the kernel does not read a ClientHello"),
        _ => null,
    };

    private static (Field Field, string Reason)? OfRanges(Field field, NumberSet values) =>
        values.Ranges.Length > MostRanges ? (field, $"more than {MostRanges} ranges of numbers") : null;

    // What lies beyond the longest message is absent even where it is there, which the managed engine sees to.
    private (Field Field, string Reason)? OfBytes(Field field, int offset, int count)
    {
        if ((long)offset + count > mostBytes)
            return (field, $"it reads beyond max_message, {mostBytes} bytes");

        return Window.TryReserve(offset, count)
            ? null
            : (field, $"together with the tests before it, it reads more than {VerdictFrame.MostBlocks} blocks of {MessageWindow.BlockSize} bytes");
    }
}
