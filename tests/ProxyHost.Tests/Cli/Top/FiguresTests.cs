using Sluice.ProxyHost.Cli.Top;

namespace Sluice.ProxyHost.Tests.Cli.Top;

public class FiguresTests
{
    [Theory]
    [InlineData(null, "-")]
    [InlineData(0.0, "0 B")]
    [InlineData(999.4, "999 B")]
    [InlineData(999.5, "1.00 kB")]
    [InlineData(12_345.0, "12.3 kB")]
    [InlineData(123_456.0, "123 kB")]
    [InlineData(9.999e6, "10.0 MB")]
    [InlineData(5e15, "5.00 PB")]
    [InlineData(5e19, "50,000 PB")]
    public void Bytes_have_three_digits(double? value, string text)
    {
        Assert.Equal(text, Figures.Bytes(value));
        Assert.Equal(value is null ? "-" : $"{text}/s", Figures.ByteRate(value));
    }

    [Theory]
    [InlineData(null, "-")]
    [InlineData(0.0, "0/s")]
    [InlineData(0.001, "<0.01/s")]
    [InlineData(0.5, "0.50/s")]
    [InlineData(12.34, "12.3/s")]
    [InlineData(123.4, "123/s")]
    [InlineData(12345.6, "12,346/s")]
    public void Rates(double? value, string text) => Assert.Equal(text, Figures.Rate(value));

    [Theory]
    [InlineData(null, "-")]
    [InlineData(0.0000506, "51 us")]
    [InlineData(0.00099951, "1.00 ms")]
    [InlineData(0.0123, "12.3 ms")]
    [InlineData(0.9996, "1.00 s")]
    [InlineData(double.PositiveInfinity, ">10 s")]
    public void Short_times(double? value, string text) => Assert.Equal(text, Figures.Seconds(value, 10));

    [Theory]
    [InlineData(0.04, "0.0s")]
    [InlineData(9.96, "10.0s")]
    [InlineData(59.9, "59s")]
    [InlineData(61, "1m 1s")]
    [InlineData(3660, "1h 1m")]
    [InlineData(90000, "1d 1h")]
    public void Long_times(double value, string text) => Assert.Equal(text, Figures.Age(value));

    [Fact]
    public void Nothing_that_a_terminal_would_obey_gets_through() =>
        Assert.Equal("a\uFFFD[31mb\uFFFD\uFFFDc\uFFFDd\uFFFDe\uFFFD [red]é漢", Figures.Visible("a\e[31mb\r\nc\u202Ed\u2028e\ud800 [red]é漢"));
}
