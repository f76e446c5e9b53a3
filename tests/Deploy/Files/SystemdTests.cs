using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sluice.ProxyHost.Configuration;

namespace Sluice.Deploy.Tests.Files;

/// <summary>The units, read by systemd's own tools.</summary>
public sealed partial class SystemdTests : IDisposable
{
    private const string Folder = "deploy/systemd";
    private static readonly string[] Units = ["sluice.service", "sluice.socket"];

    // The calls that a filter of its own lets through beyond what the unit's does: the unit's user cannot change anyway.
    private static readonly string[] Privileges = ["setgroups", "setresgid", "setresuid"];

    private readonly string _root = Directory.CreateTempSubdirectory("sluice-units-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("")]
    [InlineData("kernel.conf")]
    [InlineData("admin-token.conf")]
    [InlineData("kernel.conf admin-token.conf")]
    public async Task Systemd_finds_nothing_wrong(string dropIns)
    {
        Install(dropIns.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        string output = await Command.RunAsync("systemd-analyze", ["verify", "--man=no", .. Units.Select(unit => Path.Combine(_root, unit))]);
        Assert.DoesNotContain("Unknown", output, StringComparison.Ordinal);
        Assert.DoesNotContain("sluice.", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 20)]
    [InlineData("kernel.conf", 29)]
    public async Task Systemd_rates_what_it_is_exposed_to_as_little(string dropIns, int tenths)
    {
        Install(dropIns.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        await Command.RunAsync("systemd-analyze", "security", "--offline=yes", "--no-pager", $"--threshold={tenths}", Path.Combine(_root, "sluice.service"));
    }

    [Fact]
    public async Task The_units_filter_lets_everything_through_that_the_containers_filter_does_for_a_user_of_its_own()
    {
        string[] filters = [.. Repository.Read($"{Folder}/sluice.service").Split('\n').Where(line => line.StartsWith("SystemCallFilter=", StringComparison.Ordinal))];
        HashSet<string> allowed = [];
        foreach (string filter in filters.Select(line => line.Split('=')[1]))
        {
            HashSet<string> calls = [.. await CallsAsync(filter.TrimStart('~').Split(' '))];
            if (filter.StartsWith('~'))
                allowed.ExceptWith(calls);
            else
                allowed.UnionWith(calls);
        }

        string[] needed = [.. JsonNode.Parse(Repository.Read("deploy/seccomp/sluice.json"))!["syscalls"]!.AsArray()
            .SelectMany(entry => entry!["names"]!.AsArray()).Select(name => (string)name!).Distinct().Except(Privileges)];
        Assert.Empty(needed.Except(allowed));
        Assert.DoesNotContain("bpf", allowed);
        Assert.Contains("SystemCallFilter=bpf\n", Repository.Read($"{Folder}/sluice.service.d/kernel.conf"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_socket_unit_listens_where_the_default_configuration_does()
    {
        SluiceConfig config = ConfigReader.Read(Repository.Read("config/sluice.yaml"), "sluice.yaml", _ => null).Config!;
        Assert.Equal(
            config.Listeners.SelectMany(listener => listener.Listen).Select(listen => ((IPEndPoint)listen.EndPoint).ToString()),
            Repository.Read($"{Folder}/sluice.socket").Split('\n').Where(line => line.StartsWith("ListenStream=", StringComparison.Ordinal)).Select(line => line.Split('=')[1]));
    }

    [Fact]
    public void The_credential_is_what_the_token_file_of_its_example_reads()
    {
        string dropIn = Repository.Read($"{Folder}/sluice.service.d/admin-token.conf");
        string credential = Regex.Match(dropIn, "^LoadCredential=([^:]+):", RegexOptions.Multiline).Groups[1].Value;
        string example = Regex.Match(dropIn, "^#   (admin: .*)$", RegexOptions.Multiline).Groups[1].Value;
        ConfigReadResult read = ConfigReader.Read(
            $"{example}\nlisteners: [{{ name: l, listen: 127.0.0.1:1, cluster: c }}]\nclusters: [{{ name: c, endpoints: [\"builtin:echo\"] }}]\n", "example", Directory);
        Assert.Empty(read.Errors);
        Assert.Equal($"/run/credentials/sluice.service/{credential}", read.Config!.Admin.TokenFile);

        static string? Directory(string name) => name == "CREDENTIALS_DIRECTORY" ? "/run/credentials/sluice.service" : null;
    }

    // Units name the installed binary; to verify them, something has to be there.
    private void Install(string[] dropIns)
    {
        foreach (string unit in Units)
        {
            string text = Repository.Read($"{Folder}/{unit}");
            File.WriteAllText(Path.Combine(_root, unit), text.Replace("/usr/bin/sluice", "/usr/bin/env", StringComparison.Ordinal));
        }

        string folder = Path.Combine(_root, "sluice.service.d");
        Directory.CreateDirectory(folder);
        foreach (string dropIn in dropIns)
            File.WriteAllText(Path.Combine(folder, dropIn), Repository.Read($"{Folder}/sluice.service.d/{dropIn}"));
    }

    private static async Task<IEnumerable<string>> CallsAsync(IEnumerable<string> names)
    {
        List<string> calls = [];
        foreach (string name in names)
        {
            if (!name.StartsWith('@'))
                calls.Add(name);
            else
                calls.AddRange(await CallsAsync(Entry().Matches(await Command.RunAsync("systemd-analyze", "syscall-filter", name)).Select(match => match.Groups[1].Value)));
        }

        return calls;
    }

    [GeneratedRegex(@"^    (@?[\w-]+)$", RegexOptions.Multiline)]
    private static partial Regex Entry();
}
