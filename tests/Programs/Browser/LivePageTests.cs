using System.Net;
using System.Net.Sockets;
using OpenQA.Selenium;
using Sluice.Functional.Wire;
using Sluice.Programs.Processes;

namespace Sluice.Programs.Browser;

/// <summary>The live view in a real browser, in front of a real daemon with real connections.</summary>
public sealed class LivePageTests
{
    private const int Timeout = 180_000;
    private const string Markup = "<img src=x onerror=document.title=1>";
    private readonly int _front = Ports.Free();
    private readonly int _broken = Ports.Free();
    private readonly int _closed = Ports.Free();

    // Names of sockets may be any text, so these are as bad as text gets. Longer names than these there are not.
    private string Config => $$"""
        runtime: { drain_timeout: 1ms, offload: off }
        listeners:
          - name: front
            listen: [127.0.0.1:{{_front}}, "unix:@{{Markup}}{{_front}}"]
            cluster: back
            programs: { from_client: guard }
          - { name: {{new string('n', 63)}}, listen: 127.0.0.1:{{_broken}}, cluster: {{new string('c', 63)}} }
        clusters:
          - { name: back, endpoints: ["builtin:echo"] }
          - { name: {{new string('c', 63)}}, endpoints: ["127.0.0.1:{{_closed}}", "unix:@{{Markup}}{{new string('w', 60)}}"], connect_attempts: 1 }
        programs:
          - name: guard
            framing: { delimiter: "\n" }
            rules: [{ name: secret, when: { starts_with: secret }, verdict: drop }]
        """;

    [Fact(Timeout = Timeout)]
    public async Task Traffic_shows_while_it_happens_and_its_end_afterwards()
    {
        await using SluiceProcess sluice = await StartAsync();
        await using Chromium page = Chromium.Open(sluice.Admin);
        await page.ShowsAsync("#state", "Live");
        await page.ShowsAsync("#connection-table", "No connection is open that fits.");
        Assert.Contains("back", page.Text("#cluster-table"), StringComparison.Ordinal);
        using Socket client = await Sockets.DialAsync(new IPEndPoint(IPAddress.Loopback, _front));
        await client.SendAllAsync("hello\nsecret\n"u8.ToArray());
        await page.ShowsAsync("#connection-table", client.LocalEndPoint!.ToString()!);
        await page.ShowsAsync("#connection-table tbody tr", "copy");
        await page.ShowsAsync("#connection-table tbody tr", "guard/secret");
        await page.ShowsAsync("#rule-table tbody tr", "drop\t");
        await page.UntilAsync("[...document.querySelectorAll('#rule-table tbody tr')].some(row => row.cells[0].textContent === 'secret' && row.cells[5].textContent === '1')");
        await page.ShowsAsync("#plots", "Connections\nopen\n1");
        using (var more = new CancellationTokenSource())
        {
            Task sending = SendUntilAsync(client, more.Token);
            await page.UntilAsync("/[1-9]/.test(document.querySelector('#listener-table tbody tr').cells[5].textContent)");
            await page.UntilAsync("document.querySelector('#plots .line').getAttribute('d').split('L').length > 2");
            await more.CancelAsync();
            await sending;
        }

        client.Shutdown(SocketShutdown.Send);
        await page.ShowsAsync("#connection-table", "No connection is open that fits.");
        await page.ShowsAsync("#reason-table", "completed");
        Assert.Empty(page.Console());
    }

    [Fact(Timeout = Timeout)]
    public async Task An_abnormal_end_appears()
    {
        await using SluiceProcess sluice = await StartAsync();
        await using Chromium page = Chromium.Open(sluice.Admin);
        await page.ShowsAsync("#end-table", "None so far");
        await FailAsync();
        await page.ShowsAsync("#end-table tbody tr", "connect_failed ECONNREFUSED");
        await page.ShowsAsync("#reason-table tbody tr", "connect_failed");
        await page.UntilAsync("document.querySelector('#plots article:last-child dd').textContent === '1'");
        Assert.Empty(page.Console());
    }

    [Fact(Timeout = Timeout)]
    public async Task What_the_daemon_says_is_text_and_nothing_foreign_can_run()
    {
        await using SluiceProcess sluice = await StartAsync();
        await using Chromium page = Chromium.Open(sluice.Admin);
        await page.ShowsAsync("#listener-table", $"unix:@{Markup}");
        await page.ShowsAsync("#endpoint-table", $"unix:@{Markup}");
        Assert.Equal(0, page.Run<long>("return document.images.length"));
        Assert.Equal("sluice", page.Run<string>("return document.title"));
        Assert.Empty(page.Console());
        // And if somebody found a way to put markup in, it could not do anything.
        page.Run<object?>("const it = document.createElement('div'); it.innerHTML = '<b onclick=\"document.title=1\">x</b>'; document.body.append(it); it.firstChild.click()");
        page.Run<object?>("const it = document.createElement('script'); it.textContent = 'document.title = 2'; document.body.append(it)");
        Assert.Equal("sluice", page.Run<string>("return document.title"));
        Assert.Equal(2, page.Console().Count(line => line.Contains("Content Security Policy", StringComparison.Ordinal)));
    }

    [Fact(Timeout = Timeout)]
    public async Task Everything_can_be_done_with_the_keyboard()
    {
        await using SluiceProcess sluice = await StartAsync();
        await using Chromium page = Chromium.Open(sluice.Admin);
        using Socket client = await Sockets.DialAsync(new IPEndPoint(IPAddress.Loopback, _front));
        await page.ShowsAsync("#connection-table", client.LocalEndPoint!.ToString()!);
        foreach ((string key, string id) in new[] { ("1", "overview"), ("2", "listeners"), ("3", "clusters"), ("4", "connections"), ("5", "rules"), ("6", "ends") })
        {
            page.Type(key);
            Assert.Equal(id, page.Focus);
            Assert.Equal("solid", page.Run<string>("return getComputedStyle(document.activeElement).outlineStyle"));
        }

        page.Type("?");
        Assert.True(page.Run<bool>("return document.getElementById('help').open"));
        page.Type(Keys.Escape);
        Assert.False(page.Run<bool>("return document.getElementById('help').open"));

        page.Type("/");
        Assert.Equal("client", page.Focus);
        page.Type("10.0.0.0/8");
        await page.ShowsAsync("#connection-table", "No connection is open that fits.");
        page.Type("x");
        await page.ShowsAsync("#filter-problem", "client: ");
        await page.ShowsAsync("#connection-table", client.LocalEndPoint.ToString()!);
        page.Type(Keys.Control + "a");
        page.Type(Keys.Delete);
        await page.UntilAsync("document.getElementById('filter-problem').hidden");
        page.Type(Keys.Escape);
        Assert.NotEqual("client", page.Focus);

        page.Run<object?>("document.querySelector('#connection-table th button').focus()");
        page.Type(Keys.Tab);
        Assert.Equal("Client", page.Focus);
        page.Type(Keys.Enter);
        Assert.Equal("ascending", page.Run<string>("return document.activeElement.parentElement.getAttribute('aria-sort')"));
        page.Type(Keys.Enter);
        Assert.Equal("descending", page.Run<string>("return document.activeElement.parentElement.getAttribute('aria-sort')"));
        Assert.DoesNotContain(page.Console(), line => !line.Contains("400 (Bad Request)", StringComparison.Ordinal));
    }

    [Fact(Timeout = Timeout)]
    public async Task Paused_it_stands_still_and_then_goes_on()
    {
        await using SluiceProcess sluice = await StartAsync();
        await using Chromium page = Chromium.Open(sluice.Admin);
        await page.ShowsAsync("#state", "Live");
        page.Type("p");
        await page.ShowsAsync("#state", "Paused at");
        using Socket client = await Sockets.DialAsync(new IPEndPoint(IPAddress.Loopback, _front));
        // Two seconds of the page's own clock: it would have asked twice.
        await page.UntilAsync("(window.since ??= performance.now()) + 2000 < performance.now()");
        Assert.DoesNotContain(client.LocalEndPoint!.ToString()!, page.Text("#connection-table"), StringComparison.Ordinal);
        page.Type("p");
        await page.ShowsAsync("#connection-table", client.LocalEndPoint.ToString()!);
        await page.ShowsAsync("#state", "Live");
        Assert.Empty(page.Console());
    }

    [Theory(Timeout = Timeout)]
    [InlineData(360)]
    [InlineData(720)]
    [InlineData(1080)]
    [InlineData(1081)]
    [InlineData(1280)]
    public async Task Nothing_sticks_out_at_any_width_in_dark_and_light(int width)
    {
        await using SluiceProcess sluice = await StartAsync();
        using Socket client = await Sockets.DialAsync(new IPEndPoint(IPAddress.Loopback, _front));
        await FailAsync();
        await using Chromium page = Chromium.Open(sluice.Admin, width);
        await page.ShowsAsync("#connection-table", client.LocalEndPoint!.ToString()!);
        await page.ShowsAsync("#end-table", "connect_failed");
        List<string> grounds = [];
        foreach (string scheme in new[] { "dark", "light" })
        {
            page.Prefer(scheme);
            grounds.Add(page.Run<string>("return getComputedStyle(document.body).backgroundColor"));
            Assert.Equal(0, page.Run<long>("return document.documentElement.scrollWidth - document.documentElement.clientWidth"));
            Assert.Equal("", page.Run<string>("return [...document.querySelectorAll('main *')].filter(it => it.getBoundingClientRect().right > document.documentElement.clientWidth).map(it => it.outerHTML).join('\\n')"));
        }

        Assert.Equal(2, grounds.Distinct().Count());
        Assert.Empty(page.Console());
    }

    [Fact(Timeout = Timeout)]
    public async Task A_daemon_that_is_gone_is_missed_and_found_again_when_it_is_back()
    {
        SluiceProcess sluice = await StartAsync();
        await using Chromium page = Chromium.Open(sluice.Admin);
        using (Socket client = await Sockets.DialAsync(new IPEndPoint(IPAddress.Loopback, _front)))
        {
            byte[] lines = "hello\nhello\nhello\n"u8.ToArray();
            await client.SendAllAsync(lines);
            await client.ReceiveExactlyAsync(lines.Length);
            await page.ShowsAsync("#connection-table", client.LocalEndPoint!.ToString()!);
            client.Shutdown(SocketShutdown.Send);
            await page.ShowsAsync("#reason-table", "completed");
        }

        await sluice.DisposeAsync();
        await page.ShowsAsync("#trouble", "The daemon has not answered");
        Assert.Equal("No answer", page.Text("#state"));
        page.Run<object?>("window.minus = []; new MutationObserver(() => window.minus.push(...(document.querySelector('main').innerText.match(/-\\d[^\\n]*/g) ?? []))).observe(document.querySelector('main'), { subtree: true, childList: true, characterData: true })");
        await using SluiceProcess again = await SluiceProcess.StartConfigAsync(Config, sluice.Admin.Port);
        await page.UntilAsync("document.getElementById('trouble').hidden");
        await page.ShowsAsync("#state", "Live. The daemon was started anew at");
        await page.ShowsAsync("#reason-table", "No connection has ended yet.");
        using Socket next = await Sockets.DialAsync(new IPEndPoint(IPAddress.Loopback, _front));
        await page.ShowsAsync("#connection-table", next.LocalEndPoint!.ToString()!);
        Assert.Equal("", page.Run<string>("return window.minus.join('\\n')"));
        Assert.All(page.Console(), line => Assert.Contains("net::ERR_", line, StringComparison.Ordinal));
    }

    [Fact(Timeout = Timeout)]
    public async Task Whoever_may_only_read_sees_it_without_a_token()
    {
        Chromium.Require();
        using var scratch = new Real.Scratch();
        await scratch.WriteAsync("token", "s3cret\n");
        int readOnly = Ports.Free();
        await using SluiceProcess sluice = await SluiceProcess.StartConfigAsync(Config, admin: $", token_file: {scratch.File("token")}, read_only_listen: 127.0.0.1:{readOnly}");
        await using Chromium page = Chromium.Open(new Uri($"http://127.0.0.1:{readOnly}/"));
        await page.ShowsAsync("#state", "Live");
        await page.ShowsAsync("#listener-table", "front");
        Assert.Empty(page.Console());
    }

    private Task<SluiceProcess> StartAsync()
    {
        Chromium.Require();
        return SluiceProcess.StartConfigAsync(Config);
    }

    private async Task FailAsync()
    {
        using Socket client = await Sockets.DialAsync(new IPEndPoint(IPAddress.Loopback, _broken));
        await Assert.ThrowsAnyAsync<SocketException>(async () => await client.ReceiveAsync(new byte[1], Deadline.Token));
    }

    private static async Task SendUntilAsync(Socket client, CancellationToken stop)
    {
        byte[] line = "0123456789\n"u8.ToArray(), answer = new byte[4096];
        while (!stop.IsCancellationRequested)
        {
            await client.SendAllAsync(line);
            await client.ReceiveAsync(answer, Deadline.Token);
        }
    }
}
