using System.Text;
using CsCheck;
using Sluice.Redirect.Rules.Tls;

namespace Sluice.Redirect.Tests.Rules.Tls;

public sealed class HostNamePatternTests
{
    private static readonly string Label63 = new('a', 63);

    [Theory]
    [InlineData("example.com", "example.com")]
    [InlineData("EXAMPLE.com", "example.COM")]
    [InlineData("example.com.", "example.com")]
    [InlineData("a.example.com", "*.example.com")]
    [InlineData("a.b.example.com.", "*.Example.com")]
    [InlineData("xn--bcher-kva.example", "XN--bcher-kva.example")]
    [InlineData("_80._.web.svc", "*.svc")]
    [InlineData("localhost", "localhost")]
    public void A_name_matches(string name, string pattern) => Assert.True(Matches(name, pattern));

    [Theory]
    [InlineData("", "example.com")]
    [InlineData(".", "example.com")]
    [InlineData("example.com..", "example.com")]
    [InlineData("example.com", "*.example.com")]
    [InlineData(".example.com", "*.example.com")]
    [InlineData("a..example.com", "*.example.com")]
    [InlineData("aexample.com", "*.example.com")]
    [InlineData("a.example.com", "example.com")]
    [InlineData("a.example.com.evil.org", "*.example.com")]
    [InlineData("evil.org\0.example.com", "*.example.com")]
    [InlineData("a b.example.com", "*.example.com")]
    [InlineData("\u00e9.example.com", "*.example.com")]
    [InlineData("*.example.com", "*.example.com")]
    [InlineData("b\u00fccher.example", "b\u00fccher.example")]
    [InlineData("", "")]
    [InlineData(".", ".")]
    [InlineData("[::1]", "[::1]")]
    public void A_name_does_not_match(string name, string pattern) => Assert.False(Matches(name, pattern));

    [Fact]
    public void Names_and_labels_have_the_lengths_of_DNS()
    {
        string longest = $"{Label63}.{Label63}.{Label63}.{Label63[..61]}";
        Assert.Equal(HostNamePattern.MostCharacters, longest.Length);
        Assert.True(Matches(longest, longest));
        Assert.True(Matches(longest + ".", $"*.{Label63[..61]}"));
        Assert.True(HostNamePattern.IsValid(longest));
        Assert.False(Matches(longest + "a", longest + "a"));
        Assert.False(HostNamePattern.IsValid(longest + "a"));
        Assert.False(Matches($"a{Label63}.example", "*.example"));
        Assert.False(HostNamePattern.IsValid($"a{Label63}.example"));
    }

    [Theory]
    [InlineData("example.com", true)]
    [InlineData("*.example.com", true)]
    [InlineData("*.com", true)]
    [InlineData("localhost", true)]
    [InlineData("", false)]
    [InlineData("*", false)]
    [InlineData("*.", false)]
    [InlineData("*.*.com", false)]
    [InlineData("w*.example.com", false)]
    [InlineData("example.com.", false)]
    [InlineData(".example.com", false)]
    [InlineData("a..b", false)]
    [InlineData("b\u00fccher.example", false)]
    [InlineData("a b", false)]
    public void A_pattern_says_whether_it_can_match(string pattern, bool isValid) => Assert.Equal(isValid, HostNamePattern.IsValid(pattern));

    [Fact]
    public void Only_valid_patterns_match_anything_and_each_matches_what_it_says() =>
        Gen.Select(Gen.String[Gen.OneOf('a', 'B', '.', '*', '-', '\0'), 0, 6], Gen.String[Gen.OneOf('A', 'b', '.', '-'), 0, 9]).Sample((pattern, name) =>
        {
            string bare = name.EndsWith('.') ? name[..^1] : name;
            bool expected = HostNamePattern.IsValid(pattern) && bare.Split('.').All(label => label.Length > 0)
                && (pattern.StartsWith('*')
                    ? bare.EndsWith(pattern[1..], StringComparison.OrdinalIgnoreCase)
                    : bare.Equals(pattern, StringComparison.OrdinalIgnoreCase));
            Assert.Equal(expected, Matches(name, pattern));
        });

    private static bool Matches(string name, string pattern) => HostNamePattern.Matches(Encoding.Latin1.GetBytes(name), pattern);
}
