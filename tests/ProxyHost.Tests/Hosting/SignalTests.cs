using System.Net.Sockets;
using System.Runtime.InteropServices;
using Sluice.ProxyHost.Hosting;

namespace Sluice.ProxyHost.Tests.Hosting;

public class SignalTests
{
    private const int Timeout = 60_000;

    [Theory(Timeout = Timeout)]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_signal_without_open_connections_ends_it_with_0(string signal)
    {
        await using DaemonProcess daemon = await DaemonProcess.StartAsync();
        await daemon.SignalAsync(signal);
        Assert.Equal(0, await daemon.ExitCodeAsync());
    }

    [Fact(Timeout = Timeout)]
    public async Task A_second_signal_does_not_wait_for_the_connections()
    {
        await using DaemonProcess daemon = await DaemonProcess.StartAsync(more: "runtime: { drain_timeout: 10m }");
        using Socket client = await daemon.ConnectAsync();
        await client.PingAsync();
        await daemon.SignalAsync("TERM");
        await daemon.LineAsync("stopping: 1 connections");
        await client.PingAsync();
        await daemon.SignalAsync("TERM");
        Assert.Equal(128 + 15, await daemon.ExitCodeAsync());
    }

    [Fact]
    public void SIGHUP_before_anybody_listens_is_told_to_who_does_and_ends_nothing()
    {
        using var signals = new SignalWatch();
        var signal = new PosixSignalContext(PosixSignal.SIGHUP);
        signals.HangUp(signal);
        Assert.True(signal.Cancel); // else the process ends

        int told = 0;
        signals.OnHangUp(() => told++);
        Assert.Equal(1, told);
        signals.OnHangUp(() => told++);
        Assert.Equal(1, told);
        signals.HangUp(signal);
        Assert.Equal(2, told);
    }

    [Theory(Timeout = Timeout)]
    [InlineData("reactor")]
    [InlineData("sockets")]
    public async Task An_upstream_that_answers_no_SYN_does_not_keep_it_from_stopping_in_time(string transport)
    {
        using BlackHole upstream = await BlackHole.CreateAsync();
        await using DaemonProcess daemon = await DaemonProcess.StartAsync(
            $"127.0.0.1:{upstream.Port}", $"runtime: {{ drain_timeout: 500ms, transport: {transport} }}", connectTimeout: "1h");
        using Socket client = await daemon.ConnectAsync();
        while (!(await daemon.GetAsync("/connections")).Contains("\"connecting\"", StringComparison.Ordinal))
            await Task.Yield();

        // Were the attempt waited for, the test would run out of time.
        await daemon.SignalAsync("TERM");
        Assert.Equal(0, await daemon.ExitCodeAsync());
    }
}
