using Sluice.ProxyHost.Configuration;
using YamlDotNet.RepresentationModel;

namespace Sluice.Deploy.Tests.Files;

/// <summary>docker-compose.yml, held against its own tool and against the daemon's configuration.</summary>
public class ComposeTests
{
    [Fact]
    public async Task Compose_finds_nothing_wrong() => await Command.RunAsync("docker-compose", "--file", "docker-compose.yml", "config", "--quiet");

    [Fact]
    public void Every_endpoint_is_a_service_on_a_network_that_both_are_on_and_one_has_two_replicas()
    {
        YamlMappingNode compose = Assert.Single(Yaml.Documents("docker-compose.yml"));
        SluiceConfig config = ConfigReader.Read(Repository.Read("deploy/compose/sluice.yaml"), "sluice.yaml", _ => null).Config!;
        IEnumerable<string> reached = Networks("sluice");
        foreach (EndpointConfig endpoint in config.Clusters.SelectMany(cluster => cluster.Endpoints))
        {
            Assert.Contains(endpoint.Host, compose.Keys("services"));
            Assert.NotEmpty(Networks(endpoint.Host).Intersect(reached));
            Assert.Empty(compose.Items($"services/{endpoint.Host}/ports"));
        }

        ClusterConfig web = Assert.Single(config.Clusters, cluster => cluster.Discovery is not null);
        Assert.Equal("2", compose.Text($"services/{web.Endpoints[0].Host}/deploy/replicas"));
        Assert.Equal(["--port", $"{web.Endpoints[0].Port}"], compose.Items("services/web/command").Select(word => word.ToString()));

        IEnumerable<string> Networks(string service) => compose.Items($"services/{service}/networks").Select(name => name.ToString());
    }
}
