using System.Net.Sockets;
using Sluice.ProxyHost.Telemetry;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Tests.Hosting;

/// <summary>Streams that a program cannot go on with: what ends, why, and that nothing else does.</summary>
public class ProgramLimitTests
{
    private const int Timeout = 60_000;

    public static TheoryData<string, string, Errno> Broken => new()
    {
        { "{ length_prefix: { width: u32 } }", "\u00ff\u00ff\u00ff\u00ff", Errno.EMSGSIZE },
        { "{ length_prefix: { width: u32 } }", "\0\0\u0003\u00fd", Errno.EMSGSIZE },
        { "{ length_prefix: { width: u64 } }", "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff", Errno.EMSGSIZE },
        { "{ length_prefix: { width: u16, includes_header: true } }", "\0\u0001", Errno.EBADMSG },
        { "{ length_prefix: { width: varint } }", "\u00ff\u00ff\u00ff\u00ff\u0001", Errno.EBADMSG },
        { "{ delimiter: \"\\n\" }", new string('x', 1000), Errno.EMSGSIZE },
    };

    [Theory(Timeout = Timeout)]
    [MemberData(nameof(Broken))]
    public async Task A_client_that_breaks_the_framing_ends_its_own_connection_only(string framing, string bytes, Errno errno)
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(VerdictTests.EchoWith(Pass(framing)));
        using Socket bystander = await daemon.ConnectAsync(), client = await daemon.ConnectAsync();
        await bystander.SayAsync(WholeMessage(framing));
        await bystander.HearAsync(WholeMessage(framing));
        await client.SayAsync(WholeMessage(framing) + bytes);
        await client.HearAtMostAsync(WholeMessage(framing));
        await bystander.SayAsync(WholeMessage(framing));
        await bystander.HearAsync(WholeMessage(framing));

        bystander.Dispose();
        await daemon.UntilNothingIsTakenAsync();
        AccessRecord record = (await daemon.RecordsAsync(2)).Single(record => record.End != EndReason.Completed);
        Assert.Equal((EndReason.ClientError, errno, Direction.FromClient), (record.End, record.Errno, record.FirstToClose));
        Assert.Equal(WholeMessage(framing).Length, record.BytesFromClient);
        Assert.Empty(daemon.Logs.Errors);
    }

    [Theory(Timeout = Timeout)]
    [MemberData(nameof(Broken))]
    public async Task An_upstream_that_breaks_the_framing_ends_the_connection_after_what_came_before(string framing, string bytes, Errno errno)
    {
        using TcpListener main = YamlConfigs.Listen(out int port);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(
            YamlConfigs.Read(port, 1, "programs: { from_upstream: p }", more: YamlConfigs.Program(Pass(framing))));
        using Socket client = await daemon.ConnectAsync(), upstream = await main.AcceptAsync();
        await upstream.SayAsync(WholeMessage(framing) + bytes);
        await client.HearAsync(WholeMessage(framing));
        await client.HearResetAsync();
        await upstream.HearResetAsync();
        await daemon.UntilNothingIsTakenAsync();
        AccessRecord record = Assert.Single(await daemon.RecordsAsync(1));
        Assert.Equal((EndReason.UpstreamError, errno, Direction.FromUpstream), (record.End, record.Errno, record.FirstToClose));
    }

    [Theory(Timeout = Timeout)]
    [InlineData("framing: { fixed_length: 10 }\nrules: [{ name: all, verdict: pass }]")]
    [InlineData("rules: [{ name: ten, when: { starts_with: abcdefghij }, verdict: drop }]")]
    [InlineData("rules: [{ name: ten, verdict: pass, cork_bytes: 10 }]")]
    public async Task A_connection_whose_bytes_wait_for_more_is_ended_by_the_idle_timeout(string program)
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(VerdictTests.EchoWith(program, listener: "idle_timeout: 300ms"));
        using Socket client = await daemon.ConnectAsync();
        await client.SayAsync("abc");
        await client.HearResetAsync();
        await daemon.UntilNothingIsTakenAsync();
        AccessRecord record = Assert.Single(await daemon.RecordsAsync(1));
        Assert.Equal((EndReason.IdleTimeout, 0, 0), (record.End, record.BytesFromClient, record.BytesFromUpstream));
    }

    [Theory(Timeout = Timeout)]
    [InlineData("framing: { fixed_length: 10 }\nrules: [{ name: all, verdict: pass }]")]
    [InlineData("rules: [{ name: ten, when: { starts_with: abcdefghij }, verdict: drop }]")]
    [InlineData("rules: [{ name: ten, verdict: pass, cork_bytes: 10 }]")]
    public async Task What_waits_for_more_is_judged_as_it_is_when_the_client_closes(string program)
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(VerdictTests.EchoWith(program));
        using Socket client = await daemon.ConnectAsync();
        await client.SayAsync("abc");
        client.Shutdown(SocketShutdown.Send);
        await client.HearLastAsync("abc");
        await daemon.UntilNothingIsTakenAsync();
        Assert.Equal(EndReason.Completed, Assert.Single(await daemon.RecordsAsync(1)).End);
    }

    [Fact(Timeout = Timeout)]
    public async Task What_waits_for_more_goes_with_a_connection_that_is_reset()
    {
        using TcpListener main = YamlConfigs.Listen(out int port);
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(YamlConfigs.Read(
            port, 1, "programs: { from_client: p }", more: YamlConfigs.Program("framing: { fixed_length: 10 }\nrules: [{ name: all, verdict: pass }]")));
        using Socket client = await daemon.ConnectAsync(), upstream = await main.AcceptAsync();
        await client.SayAsync("0123456789abc");
        await upstream.HearAsync("0123456789");
        client.Reset();
        await upstream.HearResetAsync();
        await daemon.UntilNothingIsTakenAsync();
        Assert.Equal(EndReason.ClientReset, Assert.Single(await daemon.RecordsAsync(1)).End);
    }

    private static string Pass(string framing) => $"framing: {framing}\nmax_message: 1000B\nrules: [{{ name: all, verdict: pass }}]";

    private static string WholeMessage(string framing) => framing switch
    {
        _ when framing.Contains("u64", StringComparison.Ordinal) => "\0\0\0\0\0\0\0\u0002hi",
        _ when framing.Contains("u32", StringComparison.Ordinal) => "\0\0\0\u0002hi",
        _ when framing.Contains("u16", StringComparison.Ordinal) => "\0\u0004hi",
        _ when framing.Contains("varint", StringComparison.Ordinal) => "\u0002hi",
        _ => "hi\n",
    };
}
