using Sluice.ProxyHost.Configuration.Conditions;
using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Tests.Configuration;

/// <summary>What each spelling of a condition means.</summary>
public class ConditionTests
{
    [Theory]
    [InlineData("{ remote_address: 10.0.0.1 }", "RemoteAddress in 10.0.0.1/32")]
    [InlineData("{ remote_address: [10.0.0.0/8, \"fd00::/8\", \"::1\"] }", "RemoteAddress in 10.0.0.0/8, fd00::/8, ::1/128")]
    [InlineData("{ local_address: 0.0.0.0/0 }", "LocalAddress in 0.0.0.0/0")]
    [InlineData("{ remote_port: 1024-65535 }", "RemotePort in 1024-65535")]
    [InlineData("{ local_port: [443, 80, 81, 0x1f90] }", "LocalPort in 80-81, 443, 8080")]
    [InlineData("{ family: ipv6 }", "Family in 10")]
    [InlineData("{ family: [ipv4, unix] }", "Family in 1-2")]
    [InlineData("{ direction: from_upstream }", "Direction in 1")]
    [InlineData("{ message_length: { at_least: 1024 } }", "MessageLength in 1024-2147483647")]
    [InlineData("{ message_length: { at_most: 9 } }", "MessageLength in 1-9")]
    [InlineData("{ stream_offset: 0 }", "StreamOffset in 0")]
    [InlineData("{ u8: { is: 0x16 } }", "u8@0be&ff in 22")]
    [InlineData("{ u16: { at: 2, order: little, mask: 0x0fff, is: [1, 5-9, 0x20] } }", "u16@2le&fff in 1, 5-9, 32")]
    [InlineData("{ u32: { at: 4KiB, is: 0x0-0xff } }", "u32@4096be&ffffffff in 0-255")]
    [InlineData("{ u64: { is: { at_least: 1, at_most: 18446744073709551615 } } }", "u64@0be&ffffffffffffffff in 1-18446744073709551615")]
    [InlineData("{ u8: [{ is: 1 }, { at: 1, is: 2 }] }", "any(u8@0be&ff in 1, u8@1be&ff in 2)")]
    [InlineData("{ u8: [{ is: 1 }] }", "u8@0be&ff in 1")]
    [InlineData("{ starts_with: \"GET \" }", "bytes@0+0 47455420")]
    [InlineData("{ starts_with: [\"A\", \"B\"] }", "bytes@0+0 41|42")]
    [InlineData("{ starts_with: [a, { text: b, ignore_case: true }, { hex: \"63\", ignore_case: true }] }", "any(bytes@0+0 61, bytes@0+0i 62|63)")]
    [InlineData("{ starts_with: { text: [a, b], hex: [\"00\", \"0d0a 20\"] } }", "bytes@0+0 61|62|00|0D0A20")]
    [InlineData("{ starts_with: \"\\r\\n\\x16\\0\\u00e4\" }", "bytes@0+0 0D0A1600C3A4")]
    [InlineData("{ bytes: { at: 4, text: abc } }", "bytes@4+0 616263")]
    [InlineData("{ contains: x }", "bytes@0+1024 78")]
    [InlineData("{ contains: { text: x, from: 9, within: 4KiB } }", "bytes@9+4096 78")]
    [InlineData("{ contains: { text: x, within: 7 } }", "bytes@0+7 78")]
    [InlineData("{ sni: \"*.a.example\" }", "Sni in *.a.example")]
    [InlineData("{ alpn: [h2, http/1.1] }", "Alpn in h2|http/1.1")]
    [InlineData("{ remote_port: 1, family: ipv4 }", "all(RemotePort in 1, Family in 2)")]
    [InlineData("{ any: [{ remote_port: 1 }, { remote_port: 2, family: ipv4 }] }", "any(RemotePort in 1, all(RemotePort in 2, Family in 2))")]
    [InlineData("{ all: [{ u8: { is: 1 } }, { u8: { at: 1, is: 1 } }], remote_port: 1 }", "all(all(u8@0be&ff in 1, u8@1be&ff in 1), RemotePort in 1)")]
    [InlineData("{ not: { remote_port: 1, family: ipv4 } }", "not(all(RemotePort in 1, Family in 2))")]
    public void A_spelling_means(string written, string expected)
    {
        Rule rule = Reading.Good(Reading.When(written)).Programs[0].Rules[0];
        Assert.Equal(expected, RuleShape.Of(rule.When));
    }

    [Fact]
    public void Values_may_come_from_variables()
    {
        Rule rule = Reading.Good(
            Reading.When("{ remote_address: \"${NET}\", remote_port: \"${PORT}\", u8: { is: [\"${FROM}-${TO}\"] }, starts_with: \"${TEXT}\", contains: { text: x, within: \"${SIZE}\" } }"),
            ("NET", "10.0.0.0/8"), ("PORT", "80"), ("FROM", "1"), ("TO", "0x9"), ("TEXT", "12"), ("SIZE", "2KiB")).Programs[0].Rules[0];
        Assert.Equal("all(RemoteAddress in 10.0.0.0/8, RemotePort in 80, u8@0be&ff in 1-9, bytes@0+0 3132, bytes@0+2048 78)", RuleShape.Of(rule.When));
    }

    [Fact]
    public void Every_field_has_its_keys() => Assert.Equal(
        FieldTable.Rows.SelectMany(row => row.Words),
        ConditionTable.Rows.Select(row => row.Name).Where(name => FieldTable.Find(name) is not null));

    [Theory]
    [InlineData(0, 0xff, 0UL)]
    [InlineData(0x12, 0xf0, 0x20UL)]
    [InlineData(0xf1, 0xf0, null)]
    [InlineData(0x101, 0x0ff, null)]
    [InlineData(0x0101, 0x8100, 0x8000UL)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue)]
    [InlineData(1, 1UL << 63, 1UL << 63)]
    public void A_mask_leaves_possible(ulong from, ulong mask, ulong? expected) => Assert.Equal(expected, Masks.SmallestFrom(from, mask));

    [Fact]
    public void A_mask_leaves_possible_what_trying_shows()
    {
        for (ulong mask = 0; mask < 64; mask++)
        {
            for (ulong from = 0; from < 64; from++)
            {
                ulong? tried = null;
                for (ulong n = from; n < 64 && tried is null; n++)
                {
                    if ((n & ~mask) == 0) tried = n;
                }
                Assert.Equal(tried, Masks.SmallestFrom(from, mask));
            }
        }
    }
}
