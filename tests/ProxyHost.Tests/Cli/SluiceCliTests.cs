using Sluice.ProxyHost.Cli;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Tests.Configuration;

namespace Sluice.ProxyHost.Tests.Cli;

public sealed class SluiceCliTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sluice-cli-");
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private (SluiceConfig Config, string Path)? _ran;
    private (SluiceConfig? Config, Uri? Url)? _checked;

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Check_prints_the_effective_configuration_that_checks_to_itself()
    {
        Assert.Equal(0, await Invoke("check", Example("redis.yaml")));
        Assert.Equal("", _error.ToString());
        string printed = _output.ToString();
        Assert.Contains("connect_attempts: 3\n", printed, StringComparison.Ordinal);
        _output.GetStringBuilder().Clear();
        Assert.Equal(0, await Invoke("check", Write(printed)));
        Assert.Equal(printed, _output.ToString());
    }

    [Fact]
    public async Task Check_shows_every_mistake_with_its_line_and_a_caret()
    {
        string path = Write("listeners:\n\t- x\n");
        Assert.Equal(64, await Invoke("check", path));
        path = Write(Reading.Cluster("balance: roundrobin").Replace("cluster: web", "cluster:\twep"));
        _error.GetStringBuilder().Clear();
        Assert.Equal(64, await Invoke("check", path));
        Assert.Equal("", _output.ToString());
        Assert.Equal(
            $"""
            {path}:4:14: listeners[0].cluster: there is no cluster named `wep`; did you mean `web`?
                4 |     cluster:{'\t'}wep
                  |             {'\t'}^
            {path}:8:14: clusters[0].balance: expected `round_robin`, `least_connections`, `random_two_choices` or `maglev`, found `roundrobin`; did you mean `round_robin`?
                8 |     balance: roundrobin
                  |              ^
            {path}: 2 errors

            """,
            _error.ToString());
    }

    [Fact]
    public async Task Check_tells_what_rules_and_routes_do_wrong_together_with_every_other_mistake()
    {
        string path = Write(Reading.Program("    max_message: 4B", """
                rules:
                  - name: far
                    when: { u16: { at: 3, is: 1 } }
                    verdict: reset
                  - name: all
                    verdict: pass
                  - name: never
                    when: { starts_with: ab, not: { starts_with: a } }
                    verdict: reset
            """).Replace("balance", "x").Replace("    cluster: web\n", """
                cluster: wep
                routes:
                  - { name: tls, when: { starts_with: { hex: "16" } }, cluster: web }
                  - { name: late, when: { starts_with: { hex: "16 03" } }, cluster: web }

            """));
        Assert.Equal(64, await Invoke("check", path));
        Assert.Equal(
            """
            :4:14: listeners[0].cluster: there is no cluster named `wep`; did you mean `web`?
            :7:44: listeners[0].routes[1].when.starts_with: the route `late` can never match: the route `tls`, 1 in the list, matches all that it would; put it before `tls`, or remove it
            :17:22: programs[0].rules[0].when.u16: it looks at byte 5 of a message, and none has more than 4; look at an earlier one, or raise `max_message`
            :22:15: programs[0].rules[2].when: the rule `never` can never match: its conditions contradict one another; remove one of them, or put alternatives under `any`

            """,
            string.Concat(_error.ToString().Split('\n').Where(line => line.StartsWith($"{path}:", StringComparison.Ordinal) && !line.EndsWith("errors", StringComparison.Ordinal)).Select(line => $"{line[path.Length..]}\n")));
    }

    [Fact]
    public async Task Check_prints_warnings_and_succeeds()
    {
        Assert.Equal(0, await Invoke("check", Write(Reading.Minimal + "  - {name: spare, endpoints: [builtin:echo]}\n")));
        Assert.Contains(":8:12: warning: clusters[1].name: the cluster `spare` is never used", _error.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("admin:\n", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_line_and_terminal_escapes_are_shown_harmlessly()
    {
        Assert.Equal(64, await Invoke("check", Write($"admin: {{a: \"{new string('x', 5000)}\", listen: \"\u001b[31m\"}}\n")));
        Assert.DoesNotContain('\u001b', _error.ToString());
        Assert.All(_error.ToString().Split('\n'), line => Assert.InRange(line.Length, 0, 400));
    }

    [Theory]
    [InlineData("run")]
    [InlineData("check")]
    [InlineData("explain")]
    [InlineData("healthcheck")]
    public async Task A_bad_configuration_ends_every_command_before_it_acts(string command)
    {
        Assert.Equal(64, await Invoke(command, Write("{}")));
        Assert.Contains(":1:1: `listeners` is missing", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains(":1:1: `clusters` is missing", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal((null, null), (_ran, _checked));
    }

    [Theory]
    [InlineData("run")]
    [InlineData("check")]
    [InlineData("explain")]
    [InlineData("healthcheck")]
    public async Task A_missing_file_or_a_directory_exits_66(string command)
    {
        Assert.Equal(66, await Invoke(command, Path.Combine(Repository.Root, "no-such.yaml")));
        Assert.Contains("no-such.yaml: there is no such file", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(66, await Invoke(command, Repository.Root));
        Assert.Contains("this is a directory", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal((null, null), (_ran, _checked));
    }

    [Fact]
    public async Task A_file_without_end_exits_66()
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "there is no /dev/zero here");
        Assert.Equal(66, await Invoke("check", "/dev/zero"));
        Assert.Contains("it is longer than 16 MiB", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_hands_over_the_configuration_and_returns_what_the_daemon_returns()
    {
        string path = Example("postgres.yaml");
        Assert.Equal(42, await Invoke("run", path));
        Assert.Equal((path, "postgres"), (_ran!.Value.Path, _ran.Value.Config.Listeners[0].Name));
    }

    [Theory]
    [InlineData]
    [InlineData("run")]
    public async Task Without_a_file_the_default_one_is_run(params string[] args)
    {
        // Runners differ in where tests run from; where there is no default configuration the message names it.
        bool isThere = File.Exists("config/sluice.yaml");
        Assert.Equal(isThere ? 42 : 66, await Invoke(args));
        if (isThere) Assert.Equal("config/sluice.yaml", _ran!.Value.Path);
        else Assert.StartsWith("sluice: config/sluice.yaml: there is no such file", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Healthcheck_asks_the_url_or_the_configuration()
    {
        Assert.Equal(43, await Invoke("healthcheck", Example("redis.yaml")));
        Assert.Equal(("127.0.0.1:9901", null), (_checked!.Value.Config!.Admin.Listen.Text, _checked.Value.Url));
        Assert.Equal(43, await Invoke("healthcheck", "--url", "http://127.0.0.1:1/readyz"));
        Assert.Equal((null, new Uri("http://127.0.0.1:1/readyz")), _checked.Value);
    }

    [Theory]
    [InlineData("bogus")]
    [InlineData("check")]
    [InlineData("run", "a", "b")]
    [InlineData("healthcheck", "--url", "ftp://x")]
    public async Task A_wrong_command_line_exits_64(params string[] args)
    {
        Assert.Equal(64, await Invoke(args));
        Assert.Contains("`sluice --help` shows how to use it.", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal((null, null), (_ran, _checked));
    }

    [Fact]
    public async Task Help_names_every_command_and_its_examples_work()
    {
        Assert.Equal(0, await Invoke("--help"));
        string help = _output.ToString();
        Assert.All(["run", "check", "explain", "healthcheck", "doctor", "schema", "Examples:", "Exit codes:"], word => Assert.Contains(word, help, StringComparison.Ordinal));
        int start = help.IndexOf("  listeners:", StringComparison.Ordinal);
        Reading.Good(help[start..help.IndexOf("Exit codes:", StringComparison.Ordinal)]);
    }

    [Fact]
    public async Task Version_is_that_of_sluice()
    {
        Assert.Equal(0, await Invoke("--version"));
        Assert.Matches(@"^sluice \d+\.\d+\.\d+", _output.ToString());
    }

    [Fact]
    public async Task Schema_is_the_one_in_the_repository()
    {
        Assert.Equal(0, await Invoke("schema"));
        Assert.Equal(Repository.Read("config/sluice.schema.json"), _output.ToString());
    }

    private Task<int> Invoke(params string[] args) => SluiceCli.InvokeAsync(
        args,
        new CliActions(
            (config, path, _) => { _ran = (config, path); return Task.FromResult(42); },
            (config, url, _) => { _checked = (config, url); return Task.FromResult(43); }),
        _output, _error, TestContext.Current.CancellationToken);

    private static string Example(string name) => Path.Combine(Repository.Root, "config/examples", name);

    private string Write(string yaml)
    {
        string path = Path.Combine(_folder.FullName, Path.ChangeExtension(Path.GetRandomFileName(), ".yaml"));
        File.WriteAllText(path, yaml);
        return path;
    }
}
