using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Tests.Hosting;

/// <summary>Health of endpoints in a real daemon, with real sockets on the loopback.</summary>
public class HealthTests
{
    private const int Timeout = 120_000;
    private const string Often = "interval: 10ms, timeout: 20s, rise: 2, fall: 2";
    private const string Ping = "health_check: { type: send_expect, send: \"PING\\r\\n\", expect: \"+PONG\", interval: 10ms, timeout: 1s, rise: 2, fall: 2 }";

    [Fact(Timeout = Timeout)]
    public async Task An_endpoint_that_dies_gets_no_connections_until_it_is_back()
    {
        using var first = new PingServer();
        using var second = new PingServer();
        await using RunningDaemon daemon = await StartAsync($"[127.0.0.1:{first.Port}, 127.0.0.1:{second.Port}]", $"health_check: {{ {Often} }}");
        await first.UntilProbedAsync();
        first.Stop();
        await daemon.UntilMeasuredAsync("sluice.endpoint.healthy", 1);
        for (int i = 0; i < 4; i++)
            await PingAsync(daemon);
        Assert.Equal(4, second.Answered);
        await daemon.UntilLoggedAsync($"back: 127.0.0.1:{first.Port} is unhealthy: 2 probes in a row failed, connect: ECONNREFUSED; nothing listens there");

        first.Start();
        await daemon.UntilMeasuredAsync("sluice.endpoint.healthy", 2);
        for (int i = 0; i < 4; i++)
            await PingAsync(daemon);
        Assert.Equal((2, 6), (first.Answered, second.Answered));
        await daemon.UntilLoggedAsync($"127.0.0.1:{first.Port} is healthy again: 2 probes in a row succeeded");
    }

    [Fact(Timeout = Timeout)]
    public async Task A_backup_takes_over_and_gives_back()
    {
        using var primary = new PingServer();
        using var backup = new PingServer();
        await using RunningDaemon daemon = await StartAsync(
            $"[127.0.0.1:{primary.Port}, {{ address: \"127.0.0.1:{backup.Port}\", priority: 1 }}]", $"health_check: {{ {Often} }}");
        await PingAsync(daemon);
        primary.Stop();
        await daemon.UntilMeasuredAsync("sluice.endpoint.healthy", 1);
        await PingAsync(daemon);
        primary.Start();
        await daemon.UntilMeasuredAsync("sluice.endpoint.healthy", 2);
        await PingAsync(daemon);
        Assert.Equal((2, 1), (primary.Answered, backup.Answered));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_wrong_answer_is_unhealthy_and_all_of_them_are_a_panic_that_still_serves()
    {
        using var redis = new PingServer();
        await using RunningDaemon daemon = await StartAsync($"[127.0.0.1:{redis.Port}]", Ping);
        await daemon.UntilMeasuredAsync("sluice.cluster.panic", 0);
        redis.Answer = "-LOADING";
        await daemon.UntilMeasuredAsync("sluice.cluster.panic", 1);
        await daemon.UntilMeasuredAsync("sluice.endpoint.healthy", 0);
        using (Socket client = await daemon.ConnectAsync())
        {
            await client.SayAsync("PING\r\n");
            await client.HearAsync("-LOADING\r\n");
        }

        JsonElement endpoint = JsonDocument.Parse(await daemon.GetAsync("/clusters")).RootElement.GetProperty("clusters")[0].GetProperty("endpoints")[0];
        Assert.False(endpoint.GetProperty("healthy").GetBoolean());
        Assert.True(endpoint.GetProperty("eligible").GetBoolean());
        Assert.Contains("it answered `-LOADING\\r\\n`", endpoint.GetProperty("cause").GetString(), StringComparison.Ordinal);
        redis.Answer = "+PONG";
        await daemon.UntilMeasuredAsync("sluice.cluster.panic", 0);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_server_that_says_nothing_fails_its_probes_in_time()
    {
        using var silent = new TcpListener(System.Net.IPAddress.Loopback, 0); // the kernel accepts for it
        silent.Start();
        await using RunningDaemon daemon = await StartAsync($"[{silent.LocalEndpoint}]", Ping.Replace("timeout: 1s", "timeout: 50ms", StringComparison.Ordinal));
        await daemon.UntilMeasuredAsync("sluice.endpoint.healthy", 0);
        await daemon.UntilLoggedAsync("is unhealthy: a probe failed, waiting for the answer: ETIMEDOUT");
    }

    [Fact(Timeout = Timeout)]
    public async Task A_server_that_never_ends_its_answer_is_read_no_further_than_4_KiB()
    {
        using var talker = new TcpListener(System.Net.IPAddress.Loopback, 0);
        talker.Start();
        Task talking = TalkAsync(talker);
        await using RunningDaemon daemon = await StartAsync($"[{talker.LocalEndpoint}]", Ping.Replace("timeout: 1s", "timeout: 10m", StringComparison.Ordinal));
        await daemon.UntilMeasuredAsync("sluice.endpoint.healthy", 0);
        await daemon.UntilLoggedAsync("is unhealthy: a probe failed, it answered `xxx");
        talker.Stop();
        await talking;

        static async Task TalkAsync(TcpListener talker)
        {
            try
            {
                while (true)
                {
                    using Socket probe = await talker.AcceptSocketAsync();
                    try
                    {
                        while (true)
                            await probe.SendAsync("xxxxxxxxxxxxxxxx"u8.ToArray());
                    }
                    catch (SocketException)
                    {
                        // It has had enough.
                    }
                }
            }
            catch (Exception closed) when (closed is SocketException or InvalidOperationException) // the latter where it stops between two accepts
            {
                // The test is over.
            }
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task Connections_to_an_endpoint_that_turns_unhealthy_are_reset_where_that_is_wanted_and_no_others()
    {
        using var bad = new PingServer();
        using var good = new PingServer();
        await using RunningDaemon daemon = await StartAsync(
            $"[127.0.0.1:{bad.Port}, 127.0.0.1:{good.Port}]", Ping, "close_connections_on_unhealthy: true");
        using Socket first = await daemon.ConnectAsync();
        await first.SayAsync("PING\r\n");
        await first.HearAsync("+PONG\r\n");
        using Socket second = await daemon.ConnectAsync();
        await second.SayAsync("PING\r\n");
        await second.HearAsync("+PONG\r\n");
        bad.Answer = "-ERR";
        await first.HearResetAsync();
        Assert.Equal(EndReason.EndpointUnhealthy, (await daemon.RecordsAsync(1))[0].End);
        await second.SayAsync("PING\r\n");
        await second.HearAsync("+PONG\r\n");
    }

    [Fact(Timeout = Timeout)]
    public async Task A_server_of_TLS_answers_the_probe_and_another_does_not()
    {
        using RSA key = RSA.Create(2048);
        using X509Certificate2 certificate = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using TcpListener tls = YamlConfigs.Listen(out int tlsPort);
        using var plain = new PingServer();
        _ = ServeTlsAsync(tls, certificate);
        await using RunningDaemon daemon = await StartAsync(
            $"[localhost:{tlsPort}, 127.0.0.1:{plain.Port}]", "health_check: { type: tls, interval: 1h, timeout: 60s }");
        await daemon.UntilMeasuredAsync("sluice.endpoint.health_checks", 2);
        await daemon.UntilMeasuredAsync("sluice.endpoint.health_checks", 1, ("endpoint", $"127.0.0.1:{plain.Port}"), ("error.type", "unexpected_answer"));
        await daemon.UntilMeasuredAsync("sluice.endpoint.healthy", 1);
        JsonElement endpoints = JsonDocument.Parse(await daemon.GetAsync("/clusters")).RootElement.GetProperty("clusters")[0].GetProperty("endpoints");
        Assert.Equal([true, false], endpoints.EnumerateArray().Select(endpoint => endpoint.GetProperty("healthy").GetBoolean()));
    }

    [Fact(Timeout = Timeout)]
    public async Task Builtin_services_are_probed_as_well()
    {
        await using RunningDaemon daemon = await StartAsync(
            "[builtin:echo, builtin:discard]", "health_check: { type: send_expect, send: hello, expect: hello, interval: 1h, timeout: 1s }");
        await daemon.UntilMeasuredAsync("sluice.endpoint.health_checks", 2);
        await daemon.UntilMeasuredAsync("sluice.endpoint.health_checks", 1, ("endpoint", "builtin:discard"), ("error.type", "ETIMEDOUT"));
        await daemon.UntilMeasuredAsync("sluice.endpoint.healthy", 1);
    }

    [Fact(Timeout = Timeout)]
    public async Task Endpoints_that_refuse_clients_are_taken_out_but_never_more_than_may_be()
    {
        (int dead, int alsoDead) = (DaemonTests.UnusedPort(), DaemonTests.UnusedPort());
        using var third = new PingServer();
        using var fourth = new PingServer();
        await using RunningDaemon daemon = await StartAsync(
            $"[127.0.0.1:{dead}, 127.0.0.1:{third.Port}, 127.0.0.1:{alsoDead}, 127.0.0.1:{fourth.Port}]",
            "outlier_detection: { consecutive_failures: 1, ejection_time: 1h, max_ejection_time: 1h, max_ejected: 25 }");
        await PingAsync(daemon);
        await daemon.UntilMeasuredAsync("sluice.endpoint.ejections", 1, ("endpoint", $"127.0.0.1:{dead}"));
        await daemon.UntilMeasuredAsync("sluice.endpoint.eligible", 3);
        for (int i = 0; i < 6; i++)
            await PingAsync(daemon);
        await daemon.UntilMeasuredAsync("sluice.endpoint.ejections", 1);
        Assert.Equal(7, third.Answered + fourth.Answered);
        await daemon.UntilMeasuredAsync("sluice.client.connect.duration", 1, ("endpoint", $"127.0.0.1:{dead}"));
    }

    private static async Task PingAsync(RunningDaemon daemon)
    {
        using Socket client = await daemon.ConnectAsync();
        await client.SayAsync("HELLO\r\n");
        await client.HearAsync("+PONG\r\n");
    }

    private static Task<RunningDaemon> StartAsync(string endpoints, params string[] cluster) => RunningDaemon.StartAsync(ClusterConfigs.Read(endpoints, cluster));

    private static async Task ServeTlsAsync(TcpListener listener, X509Certificate2 certificate)
    {
        try
        {
            while (true)
            {
                using var stream = new SslStream(new NetworkStream(await listener.AcceptSocketAsync(), ownsSocket: true));
                await stream.AuthenticateAsServerAsync(certificate).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }
        catch (Exception closed) when (closed is SocketException or InvalidOperationException) // the latter where it stops between two accepts
        {
            // The test is over.
        }
    }
}
