using Sluice.ProxyHost.Configuration;

namespace Sluice.ProxyHost.Tests.Configuration;

/// <summary>What is wrong with the YAML itself.</summary>
public sealed class YamlErrorTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sluice-yaml-");

    public static TheoryData<string, string> Mistakes => new()
    {
        { "", "1:1: the file is empty" },
        { "# only a comment\n", "1:1: the file is empty" },
        { "---\n", "1:1: the file is empty" },
        { "a: 'x\n", "1:4: not valid YAML" },
        { "a: b: c\n", "1:5: not valid YAML" },
        { "a: @x\n", "1:4: not valid YAML: while scanning for the next token, found character that cannot start any token; put the value in quotes" },
        { "&a [1", "1:6: not valid YAML" },
        { "a\r---", "2:4: a second document begins here" },
        { "a:\n  b: !!+n", "2:4: not valid YAML: behind this is a tag that cannot be one" },
        { "!!+n", "1:1: not valid YAML: behind this is a tag that cannot be one" },
        { ":\n- :\n:", "2:3: not valid YAML: among these keys and values one lacks its other half" },
        { "a: *nobody\n", "not valid YAML: the anchor 'nobody' does not exists" },
        { "a: &x [*x]\n", "`*x` stands inside `&x` itself" },
        { "a: [1, 2\nb: 3\n", "1:4: not valid YAML: the bracket opened here is never closed" },
        { "a: [1]*x\nb: 2\n", "1:7: not valid YAML: `*x` stands where a key is expected" },
        { "a: {b: ${X}}\n", "inside [ ] and { } a variable needs quotes" },
        { "a: x\0y\n", "1:5: the text holds a NUL character" },
        { "admin: !secret {}\n", "1:8: the tag `!secret` has no meaning here; leave it out" },
        { Reading.Minimal + "---\na: 1\n", "9:1: a second document begins here" },
        { Reading.Minimal + "clusters: 5\n", "8:1: the key `clusters` is already given at line 5; keep one of the two" },
    };

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Broken_yaml_is_told_with_its_place(string yaml, string expected) =>
        Assert.Contains(Reading.Errors(yaml), e => e.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void Every_duplicate_is_told_and_so_is_everything_else()
    {
        string[] errors = Reading.Errors("""
            admin: {listen: 127.0.0.1:1, listen: {a: [b, {c: d}]}}
            listeners:
              - name: a
                name: b
                listen: 1.2.3.4:5
                cluster: nowhere
            clusters:
              - {name: c, endpoints: [x], name: d, endpoints: [y]}
            """);
        Assert.Equal(["1:30", "4:5", "6:14", "8:27", "8:31", "8:40"], errors.Select(e => string.Join(':', e.Split(':')[1..3])).Order());
    }

    [Fact]
    public void Nesting_without_end_is_an_error_and_not_the_end_of_the_stack()
    {
        string yaml = "a: " + new string('[', 200_000);
        Assert.Contains(Reading.Errors(yaml), e => e.Contains("nesting is deeper than 64", StringComparison.Ordinal));
    }

    [Fact]
    public void Anchors_and_aliases_work_and_a_mistake_behind_one_is_told_once()
    {
        Assert.Equal(
            TimeSpan.FromMinutes(2),
            Reading.Good(Reading.Listener("idle_timeout: &t 2m\n    max_duration: *t")).Listeners[0].MaxDuration);
        Assert.Single(Reading.Errors(Reading.Listener("idle_timeout: &t 2w\n    max_duration: *t")), e => e.Contains("not a unit", StringComparison.Ordinal));
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_told_with_their_place()
    {
        string path = Path.Combine(_folder.FullName, "latin1.yaml");
        File.WriteAllBytes(path, [(byte)'a', (byte)':', (byte)'\n', (byte)' ', 0xe9, (byte)'\n']);
        ConfigDiagnostic error = Assert.Single(ConfigReader.Read(path).Errors);
        Assert.Equal((2, 2), (error.Line, error.Column));
        Assert.Contains("not UTF-8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_order_mark_and_windows_line_ends_are_no_mistake()
    {
        string path = Path.Combine(_folder.FullName, "bom.yaml");
        File.WriteAllText(path, Reading.Minimal.Replace("\n", "\r\n"), new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.Empty(ConfigReader.Read(path).Errors);
    }
}
