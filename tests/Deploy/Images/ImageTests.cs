using System.Text.Json;

namespace Sluice.Deploy.Tests.Images;

[Collection(Image.Collection)]
public class ImageTests(Image image)
{
    private const int Timeout = 60_000;

    [Fact]
    public void It_has_the_binary_its_configuration_and_its_license_and_nothing_to_gain_privileges_with()
    {
        string[] own = [.. image.Files.Where(path => !path.StartsWith("usr/lib", StringComparison.Ordinal) && path is not ("etc/passwd" or "etc/group"))];
        Assert.Equal(["etc/sluice/sluice.yaml", "usr/bin/sluice", "usr/share/doc/sluice/LICENSE"], own);
        Assert.All(own, path => Assert.Equal((UnixFileMode)0, Mode(path) & (UnixFileMode.SetUser | UnixFileMode.SetGroup | UnixFileMode.OtherWrite)));
    }

    [Fact]
    public void It_runs_as_a_user_other_than_root_and_has_a_health_check()
    {
        using var inspected = JsonDocument.Parse(image.Inspected);
        JsonElement config = inspected.RootElement.GetProperty("Docker").GetProperty("config");
        Assert.Equal("1654", config.GetProperty("User").GetString());
        Assert.Equal("/usr/bin/sluice", config.GetProperty("Entrypoint")[0].GetString());
        Assert.Equal("healthcheck", config.GetProperty("Healthcheck").GetProperty("Test")[2].GetString());
        Assert.True(config.GetProperty("ExposedPorts").TryGetProperty("7000/tcp", out _));
    }

    [Fact(Timeout = Timeout)]
    public async Task Its_own_configuration_echoes_and_is_found_healthy_and_it_ends_well()
    {
        int front = Ports.Unused(), admin = Ports.Unused();
        string own = await File.ReadAllTextAsync(Path.Combine(image.Root, "etc/sluice/sluice.yaml"), TestContext.Current.CancellationToken);
        await using Container container = await Container.StartAsync(image, new(own
            .Replace("0.0.0.0:7000", $"127.0.0.1:{front}", StringComparison.Ordinal).Replace("127.0.0.1:9901", $"127.0.0.1:{admin}", StringComparison.Ordinal)));
        using (Client client = await Client.ConnectAsync(front))
            await client.EchoAsync(1 << 20);
        (int code, string output) = await container.ExecuteAsync("/usr/bin/sluice", "healthcheck", "/etc/sluice/sluice.yaml");
        Assert.True(code == 0, output);
        await container.SignalAsync("TERM");
        Assert.Equal(0, await container.EndAsync());
    }

    private UnixFileMode Mode(string path) => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(Path.Combine(image.Root, path));
}
