using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sluice.ProxyHost.Tests.Hosting;

namespace Sluice.ProxyHost.Tests.Telemetry;

public sealed class OtlpTests : IAsyncDisposable
{
    private const int Timeout = 60_000;
    private readonly Channel<string> _pushed = Channel.CreateUnbounded<string>();
    private readonly WebApplication _receiver;

    public OtlpTests()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _receiver = builder.Build();
        _receiver.Run(KeepAsync);
    }

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();

    [Fact(Timeout = Timeout)]
    public async Task Metrics_are_pushed_where_the_standard_variables_say_under_the_name_they_give()
    {
        await using DaemonProcess daemon = await StartAsync(("OTEL_SERVICE_NAME", "edge-proxy"), ("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=night"));
        string pushed;
        do
            pushed = await _pushed.Reader.ReadAsync(TestContext.Current.CancellationToken);
        while (!pushed.Contains("sluice.server.active_connections", StringComparison.Ordinal));
        Assert.StartsWith("POST /v1/metrics application/x-protobuf", pushed, StringComparison.Ordinal);
        Assert.Contains("edge-proxy", pushed, StringComparison.Ordinal);
        Assert.Contains("night", pushed, StringComparison.Ordinal);
        await daemon.SignalAsync("TERM");
        Assert.Equal(0, await daemon.ExitCodeAsync());
    }

    [Fact(Timeout = Timeout)]
    public async Task Without_a_name_of_its_own_the_service_is_sluice()
    {
        await using DaemonProcess daemon = await StartAsync();
        Assert.Contains("service.name\u0012\b\n\u0006sluice", await _pushed.Reader.ReadAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task Logs_are_pushed_with_the_fields_of_access_records_as_attributes()
    {
        await using DaemonProcess daemon = await StartAsync(("OTEL_BLRP_SCHEDULE_DELAY", "50"));
        using (Socket client = await daemon.ConnectAsync())
        {
            await client.PingAsync();
        }

        string pushed;
        do
            pushed = await _pushed.Reader.ReadAsync(TestContext.Current.CancellationToken);
        while (!pushed.Contains("bytes_from_client", StringComparison.Ordinal));
        Assert.StartsWith("POST /v1/logs application/x-protobuf", pushed, StringComparison.Ordinal);
        Assert.Contains("builtin:echo", pushed, StringComparison.Ordinal);
        Assert.Contains("Sluice.Access", pushed, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task Logs_stay_here_where_the_standard_variable_says_so()
    {
        await using DaemonProcess daemon = await StartAsync(("OTEL_LOGS_EXPORTER", "none"));
        await daemon.SignalAsync("TERM");
        Assert.Equal(0, await daemon.ExitCodeAsync());
        while (_pushed.Reader.TryRead(out string? pushed))
            Assert.DoesNotContain("/v1/logs", pushed, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_disabled_SDK_pushes_nothing_and_serves_no_metrics()
    {
        await using DaemonProcess daemon = await StartAsync(("OTEL_SDK_DISABLED", "true"));
        HttpRequestException missing = await Assert.ThrowsAsync<HttpRequestException>(() => daemon.GetAsync("/metrics"));
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Equal("ready\n", await daemon.GetAsync("/readyz"));
        // What has not been pushed yet would be at the end.
        await daemon.SignalAsync("TERM");
        Assert.Equal(0, await daemon.ExitCodeAsync());
        Assert.False(_pushed.Reader.TryRead(out _));
    }

    private async Task<DaemonProcess> StartAsync(params (string Name, string Value)[] more)
    {
        await _receiver.StartAsync(TestContext.Current.CancellationToken);
        return await DaemonProcess.StartAsync(environment:
        [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", _receiver.Urls.Single()),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "100"),
            .. more,
        ]);
    }

    private async Task KeepAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        await _pushed.Writer.WriteAsync($"{context.Request.Method} {context.Request.Path} {context.Request.ContentType}\n{Encoding.Latin1.GetString(body.ToArray())}");
    }
}
