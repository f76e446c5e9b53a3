using System.Collections.Immutable;
using System.Text;

namespace Sluice.ProxyHost.Configuration.Types;

/// <summary>Bytes as a text in UTF-8.</summary>
internal sealed class OctetTextType : TextType<ImmutableArray<byte>>
{
    private readonly int _longest;

    public OctetTextType(int longest) => _longest = longest;

    public override string Description => $"a text of 1 to {_longest} bytes";

    protected override string Pattern => @"^[\s\S]+$";

    /// <summary>Whether such bytes are printed as a text: everyday ASCII only, for the rest is read more easily as hex.</summary>
    public static bool IsText(ImmutableArray<byte> bytes) => bytes.All(b => b is (>= 0x20 and < 0x7f) or (byte)'\r' or (byte)'\n' or (byte)'\t');

    public override Parsed<ImmutableArray<byte>> Parse(string text)
    {
        if (text.Length == 0) return new Problem("the text is empty", "give at least one byte");
        int length = Encoding.UTF8.GetByteCount(text);
        return length > _longest
            ? new Problem($"the text is {length} bytes long", $"at most {_longest} are allowed")
            : ImmutableArray.Create(Encoding.UTF8.GetBytes(text));
    }

    public override string Format(ImmutableArray<byte> value) => Encoding.UTF8.GetString(value.AsSpan());
}
