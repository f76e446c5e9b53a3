using System.Collections.Immutable;
using Sluice.ProxyHost.Configuration.Types;
using Sluice.ProxyHost.Configuration.Yaml;
using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Configuration.Conditions;

/// <summary>The rows <c>u8</c> to <c>u64</c>: bytes of the message as a number.</summary>
internal static class BytesAsNumber
{
    /// <summary>The row of one width.</summary>
    /// <param name="name">As it is written.</param>
    /// <param name="width">In bytes.</param>
    public static Condition Row(string name, int width)
    {
        var one = new NotedType<BytesAsNumberTest>(Section(width), (test, at) => at.Context.Places.Add(test, at));
        return new Condition(
            name,
            new MappedType<ImmutableArray<BytesAsNumberTest>, Predicate>(
                new ListType<BytesAsNumberTest>(one, "numbers", orOne: true),
                tests => tests is [var only] ? only : new AnyOf(ImmutableArray<Predicate>.CastUp(tests)),
                p => p is AnyOf any ? [.. any.Parts.Cast<BytesAsNumberTest>()] : [(BytesAsNumberTest)p]),
            p => IsOf(p, width) || (p is AnyOf { Parts.Length: > 1 } any && any.Parts.All(part => IsOf(part, width))))
        {
            Summary = width == 1
                ? "A byte of the message as a number; a list: any of them."
                : $"{width} bytes of the message as a number; a list: any of them.",
            Example = width == 1
                ? "{ at: 0, is: 0x16 }"
                : $"{{ at: 4, order: little, mask: 0x{(1UL << (width * 4)) - 1:x}, is: [1, 5-9] }}",
        };
    }

    private static bool IsOf(Predicate condition, int width) => condition is BytesAsNumberTest test && test.Width == width;

    private static Section<BytesAsNumberTest> Section(int width)
    {
        ulong all = ulong.MaxValue >> (64 - (width * 8));
        Key<BytesAsNumberTest, int> at = new("at", Offsets.InMessage, t => t.Offset)
        {
            Summary = "How many bytes of the message stand before it.",
            Example = "2",
            Default = 0,
        };
        Key<BytesAsNumberTest, bool> order = new("order", ByteOrders.Type, t => t.IsLittleEndian)
        {
            Summary = "Which of its bytes comes first: `big` is the highest, as in most protocols of the internet.",
            Example = "little",
            Default = false,
        };
        var bits = new OptionalType<ulong>(new UnsignedType(1, all), 0);
        Key<BytesAsNumberTest, ulong> mask = new("mask", bits, t => t.Mask == all ? 0 : t.Mask)
        {
            Summary = "The bits that are compared; all others count as 0. Without it all are.",
            Example = width == 1 ? "0x0f" : "0x0fff",
            Default = 0,
        };
        Key<BytesAsNumberTest, NumberSet> values = new("is", new NumberSetType(0, all), t => t.Values)
        {
            Summary = "The values that are meant.",
            Example = "[1, 5-9, 0x20]",
        };
        return new Section<BytesAsNumberTest>(
            [at, order, mask, values],
            v => new BytesAsNumberTest(v.Of(at), width, v.Of(order), v.Of(mask) == 0 ? all : v.Of(mask), v.Of(values)))
        {
            Check = (v, place) =>
            {
                if (v.TryOf(mask, out ulong kept) && kept != 0 && v.TryOf(values, out NumberSet? set))
                    CheckMask(set, kept, place.Towards("is"));
            },
        };
    }

    private static void CheckMask(NumberSet values, ulong mask, Cursor at)
    {
        foreach (NumberRange range in values.Ranges)
        {
            if (Masks.SmallestFrom(range.First, mask) is { } possible && possible <= range.Last) continue;
            string written = range.First == range.Last ? $"{range.First}" : $"{range.First}-{range.Last}";
            at.Error($"`{written}` (0x{range.First:x}) has bits outside the mask 0x{mask:x}",
                "masked bits count as 0, so it can never be that");
        }
    }
}
