using System.Net.Sockets;
using System.Text.Json;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Reloading;
using Sluice.ProxyHost.Tests.Hosting;

namespace Sluice.ProxyHost.Tests.Reloading;

public class ReloadTriggerTests
{
    private const int Timeout = 60_000;

    [Fact(Timeout = Timeout)]
    public async Task SIGHUP_takes_the_file_over_and_a_bad_one_changes_nothing()
    {
        await using DaemonProcess daemon = await DaemonProcess.StartAsync();
        using Socket client = await daemon.ConnectAsync();
        await client.PingAsync();
        await daemon.EditAsync(text => text.Replace("cluster: back }", "cluster: back, max_connections: 7 }", StringComparison.Ordinal));
        await daemon.SignalAsync("HUP");
        await daemon.LineAsync("listener front changed: max_connections");
        await daemon.EditAsync(text => text.Replace("max_connections: 7", "max_connections: none, colour: red", StringComparison.Ordinal));
        await daemon.SignalAsync("HUP");
        await daemon.LineAsync("reload by signal: invalid; generation 2 goes");
        await daemon.LineAsync("colour");
        JsonElement config = JsonDocument.Parse(await daemon.GetAsync("/config")).RootElement;
        Assert.Equal(2, config.GetProperty("generation").GetInt32());
        Assert.Contains("max_connections: 7", config.GetProperty("config").GetString(), StringComparison.Ordinal);
        string[] errors = [.. config.GetProperty("last_attempt").GetProperty("errors").EnumerateArray().Select(error => error.GetString()!)];
        Assert.Equal(2, errors.Length);
        Assert.All(errors, error => Assert.Matches(@"\.yaml:2:\d+: .", error));
        string metrics = await daemon.GetAsync("/metrics");
        Assert.Matches("sluice_config_reloads_total\\{[^}]*result=\"invalid\"[^}]*\\} 1\n", metrics);
        await client.PingAsync();
    }

    [Fact(Timeout = Timeout)]
    public async Task A_change_of_the_file_is_taken_over_where_it_is_watched()
    {
        await using DaemonProcess daemon = await DaemonProcess.StartAsync(more: "runtime: { watch_config: true }");
        await daemon.EditAsync(text => text.Replace("cluster: back }", "cluster: back, max_connections: 7 }", StringComparison.Ordinal));
        await daemon.LineAsync("reload by file: applied; generation 2 goes");
        await daemon.EditAsync(text => text.Replace("max_connections: 7", "max_connections: 8", StringComparison.Ordinal));
        await daemon.LineAsync("generation 3 goes");
    }

    [Fact(Timeout = Timeout)]
    public async Task What_was_written_after_it_was_read_and_before_it_is_watched_is_taken_over()
    {
        string path = Path.Combine(Path.GetTempPath(), $"sluice-early-{Guid.NewGuid():N}.yaml");
        string text = """
            admin: { listen: 127.0.0.1:0 }
            runtime: { watch_config: true, offload: "off" }
            listeners: [{ name: front, listen: 127.0.0.1:0, cluster: echo }]
            clusters: [{ name: echo, endpoints: ["builtin:echo"] }]
            """;
        try
        {
            SluiceConfig config = ConfigReader.Read(text, path, _ => null).Config!;
            await File.WriteAllTextAsync(path, text.Replace("cluster: echo }", "cluster: echo, max_connections: 7 }", StringComparison.Ordinal), TestContext.Current.CancellationToken);
            await using RunningDaemon daemon = await RunningDaemon.StartAsync(config, path: path);
            while (!(await daemon.GetAsync("/config")).Contains("max_connections: 7", StringComparison.Ordinal))
                await Task.Yield();
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task What_else_goes_on_in_the_files_directory_does_not_put_it_off()
    {
        await using DaemonProcess daemon = await DaemonProcess.StartAsync(more: "runtime: { watch_config: true }");
        string neighbour = Path.Combine(Path.GetTempPath(), $"sluice-neighbour-{Guid.NewGuid():N}");
        using var done = new CancellationTokenSource();
        Task writing = Task.Run(
            () =>
            {
                do
                    File.WriteAllText(neighbour, "news");
                while (!done.Token.WaitHandle.WaitOne(20));
            },
            TestContext.Current.CancellationToken);
        try
        {
            await daemon.EditAsync(text => text.Replace("cluster: back }", "cluster: back, max_connections: 7 }", StringComparison.Ordinal));
            await daemon.LineAsync("reload by file: applied; generation 2 goes");
        }
        finally
        {
            await done.CancelAsync();
            await writing;
            File.Delete(neighbour);
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task The_admin_endpoint_changes_something_for_who_has_the_token_only()
    {
        string path = Path.Combine(Path.GetTempPath(), $"sluice-token-{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(path, "s3cret\n", TestContext.Current.CancellationToken);
        try
        {
            await using DaemonProcess daemon = await DaemonProcess.StartAsync(admin: $", token_file: {path}");
            Assert.Equal(403, (await daemon.SendAsync(HttpMethod.Post, "/reload")).Status);
            Assert.Equal(403, (await daemon.SendAsync(HttpMethod.Post, "/reload", "s3cre")).Status);
            Assert.Equal(405, (await daemon.SendAsync(HttpMethod.Delete, "/reload", "s3cret")).Status);
            (int status, string body) = await daemon.SendAsync(HttpMethod.Post, "/reload", "s3cret");
            Assert.Equal((200, "unchanged"), (status, JsonDocument.Parse(body).RootElement.GetProperty("result").GetString()));
            await daemon.EditAsync(text => text.Replace("cluster: back }", "cluster: missing }", StringComparison.Ordinal));
            (status, body) = await daemon.SendAsync(HttpMethod.Post, "/reload", "s3cret");
            Assert.Equal(422, status);
            Assert.Contains("missing", body, StringComparison.Ordinal);
            Assert.Equal(404, (await daemon.SendAsync(HttpMethod.Post, "/drain?listener=none", "s3cret")).Status);
            (status, body) = await daemon.SendAsync(HttpMethod.Post, "/drain?listner=front", "s3cret");
            Assert.Equal((400, "`listner` is not a parameter; did you mean `listener`?\n"), (status, body));
            (status, body) = await daemon.SendAsync(HttpMethod.Post, "/drain?listener=front&close=yes", "s3cret");
            Assert.Equal((400, "close: there is no `yes`; it may be `true`, `false`\n"), (status, body));
            Assert.Equal(400, (await daemon.SendAsync(HttpMethod.Post, "/drain?listener=", "s3cret")).Status);
            Assert.Equal(200, (await daemon.SendAsync(HttpMethod.Get, "/readyz")).Status);
            Assert.Equal(200, (await daemon.SendAsync(HttpMethod.Post, "/drain", "s3cret")).Status);
            Assert.Equal((503, "every listener is being drained\n"), await daemon.SendAsync(HttpMethod.Get, "/readyz"));
            Assert.Equal(200, (await daemon.SendAsync(HttpMethod.Delete, "/drain", "s3cret")).Status);
            Assert.Equal(200, (await daemon.SendAsync(HttpMethod.Get, "/readyz")).Status);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task Without_a_token_nothing_is_changed_over_TCP()
    {
        await using DaemonProcess daemon = await DaemonProcess.StartAsync();
        (int status, string body) = await daemon.SendAsync(HttpMethod.Post, "/reload");
        Assert.Equal(403, status);
        Assert.Contains("admin.token_file", body, StringComparison.Ordinal);
    }

    [Fact]
    public void The_directories_of_a_mounted_ConfigMap_are_all_watched()
    {
        string root = Directory.CreateTempSubdirectory("sluice-links-").FullName;
        try
        {
            string data = Path.Combine(root, "..2026_01");
            Directory.CreateDirectory(data);
            File.WriteAllText(Path.Combine(data, "sluice.yaml"), "");
            Directory.CreateSymbolicLink(Path.Combine(root, "..data"), "..2026_01");
            File.CreateSymbolicLink(Path.Combine(root, "sluice.yaml"), "..data/sluice.yaml");
            Assert.Equal([root, Path.Combine(root, "..data"), data], ConfigLinks.DirectoriesOf(Path.Combine(root, "sluice.yaml")));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }
}
