using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Hosting;
using Sluice.ProxyHost.Tests.Configuration;

namespace Sluice.ProxyHost.Tests.Docs;

/// <summary>Holds the files of deploy and the Dockerfile against each other and against what the build makes.</summary>
public class DeploymentTests
{
    private const string Installed = "/etc/sluice/sluice.yaml";
    private static readonly string Dockerfile = Repository.Read("Dockerfile").Replace("\\\n", " ", StringComparison.Ordinal);

    [Fact]
    public void The_image_runs_the_binary_that_is_published()
    {
        string assembly = XDocument.Parse(Repository.Read("src/ProxyHost/ProxyHost.csproj")).Descendants("AssemblyName").Single().Value;
        Assert.Contains("dotnet publish src/ProxyHost ", Dockerfile, StringComparison.Ordinal);
        Assert.Contains($"COPY --from=build /source/out/{assembly} /usr/bin/\n", Dockerfile, StringComparison.Ordinal);
        Assert.Equal([$"/usr/bin/{assembly}"], Arguments("ENTRYPOINT"));
        Assert.Equal($"/usr/bin/{assembly}", Arguments("HEALTHCHECK.* CMD")[0]);
    }

    [Fact]
    public void The_image_runs_and_checks_the_configuration_that_is_in_it()
    {
        Assert.Contains("COPY deploy/container/sluice.yaml /etc/sluice/\n", Dockerfile, StringComparison.Ordinal);
        Assert.Equal(["run", Installed], Arguments("CMD"));
        Assert.Equal(["healthcheck", Installed], Arguments("HEALTHCHECK.* CMD")[1..]);
    }

    [Fact]
    public void The_image_exposes_the_ports_it_listens_on_and_no_admin_endpoint()
    {
        SluiceConfig config = Good("deploy/container/sluice.yaml");
        Assert.True(IPAddress.IsLoopback(Assert.IsType<IPEndPoint>(config.Admin.Listen.EndPoint).Address));
        Assert.Equal(Regex.Match(Dockerfile, "^EXPOSE (.*)$", RegexOptions.Multiline).Groups[1].Value.Split(' '), ReachablePorts(config));
    }

    [Fact]
    public void Everything_the_image_copies_is_let_through_to_the_build()
    {
        string[] allowed = [.. Repository.Read(".dockerignore").Split('\n').Where(line => line.StartsWith('!')).Select(line => line[1..])];
        string[] copied = [.. Regex.Matches(Dockerfile, @"^COPY (?!--from)(.*) \S+$", RegexOptions.Multiline)
            .SelectMany(copy => copy.Groups[1].Value.Split(' '))];
        Assert.NotEmpty(copied);
        Assert.All(copied, file => Assert.True(Path.Exists(Path.Combine(Repository.Root, file)), $"{file} does not exist"));
        Assert.All(copied, file => Assert.Contains(allowed, path => file == path || file.StartsWith(path + "/", StringComparison.Ordinal)));
    }

    [Fact]
    public void Compose_publishes_the_ports_that_its_configuration_listens_on()
    {
        string compose = Repository.Read("docker-compose.yml");
        SluiceConfig config = Good("deploy/compose/sluice.yaml");
        Assert.Contains($"./deploy/compose/sluice.yaml:{Installed}:ro", compose, StringComparison.Ordinal);
        Assert.All(ReachablePorts(config), port => Assert.Contains($"127.0.0.1:{port}:{port}", compose, StringComparison.Ordinal));
        Assert.True(IPAddress.IsLoopback(Assert.IsType<IPEndPoint>(config.Admin.Listen.EndPoint).Address));
        IPEndPoint admin = Assert.IsType<IPEndPoint>(config.Admin.ReadOnlyListen!.EndPoint);
        Assert.Contains($"sluice:{admin.Port}", Repository.Read("deploy/compose/prometheus.yaml"), StringComparison.Ordinal);
        Assert.DoesNotContain($":{admin.Port}:", compose, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("docker-compose.yml", "stop_grace_period: ([0-9]+)s", "deploy/compose/sluice.yaml")]
    [InlineData("deploy/systemd/sluice.service", "TimeoutStopSec=([0-9]+)", "config/sluice.yaml")]
    public void A_supervisor_waits_longer_than_a_drain_can_take(string file, string setting, string config)
    {
        double seconds = double.Parse(Regex.Match(Repository.Read(file), setting).Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
        var lastPush = TimeSpan.FromSeconds(8); // of metrics, to a collector that does not answer
        Assert.True(TimeSpan.FromSeconds(seconds) > Drain.Longest(Good(config).Runtime.DrainTimeout) + lastPush);
    }

    private static SluiceConfig Good(string file) => Reading.Good(Repository.Read(file));

    private static string[] Arguments(string instruction) =>
        JsonSerializer.Deserialize<string[]>(Regex.Match(Dockerfile, $@"^{instruction} (\[.*\])$", RegexOptions.Multiline).Groups[1].Value)!;

    private static string[] ReachablePorts(SluiceConfig config) => [.. config.Listeners.SelectMany(listener => listener.Listen)
        .Select(listen => Assert.IsType<IPEndPoint>(listen.EndPoint)).Where(ip => ip.Address.Equals(IPAddress.Any)).Select(ip => $"{ip.Port}")];
}
