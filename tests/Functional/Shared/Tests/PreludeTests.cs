using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Sluice.Functional.Proxy;
using Sluice.Functional.Wire;
using Sluice.Redirect;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Transports;

namespace Sluice.Functional.Tests;

/// <summary>Looking at a connection's first bytes takes none of them, waits for no more than it must, and holds nothing.</summary>
public sealed class PreludeTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    [Fact(Timeout = 60_000)]
    public Task It_is_shown_more_and_more_until_it_has_seen_enough() => RunAsync(
        new PreludeLimits(1024, Long),
        new Inspector(enough: 5),
        async (client, inspector) =>
        {
            await client.SendAllAsync("ab"u8.ToArray());
            await Deadline.UntilAsync(() => inspector.Seen == "ab", () => "the first look");
            await client.SendAllAsync("cde"u8.ToArray());
        },
        (errno, inspector) => Assert.Equal((Errno.None, "abcde", false), (errno, inspector.Seen, inspector.WasFinal)),
        "abcde");

    [Fact(Timeout = 60_000)]
    public Task A_client_that_says_nothing_is_not_waited_for_longer_than_the_limit() => RunAsync(
        new PreludeLimits(1024, Short),
        new Inspector(enough: 5),
        (_, _) => Task.CompletedTask,
        (errno, inspector) => Assert.Equal((Errno.None, "", true), (errno, inspector.Seen, inspector.WasFinal)),
        "");

    [Fact(Timeout = 60_000)]
    public Task A_client_that_says_too_little_is_decided_on_what_there_is() => RunAsync(
        new PreludeLimits(1024, Short),
        new Inspector(enough: 5),
        (client, _) => client.SendAllAsync("abc"u8.ToArray()),
        (errno, inspector) => Assert.Equal((Errno.None, "abc", true), (errno, inspector.Seen, inspector.WasFinal)),
        "abc");

    [Fact(Timeout = 60_000)]
    public Task The_end_of_the_stream_ends_the_waiting() => RunAsync(
        new PreludeLimits(1024, Long),
        new Inspector(enough: 5),
        async (client, _) =>
        {
            await client.SendAllAsync("abc"u8.ToArray());
            client.SendFin();
        },
        (errno, inspector) => Assert.Equal((Errno.None, "abc", true), (errno, inspector.Seen, inspector.WasFinal)),
        "abc");

    [Fact(Timeout = 60_000)]
    public Task An_end_of_the_stream_that_was_looked_at_is_still_passed_on() => RunAsync(
        new PreludeLimits(1024, Long),
        new Inspector(enough: 5),
        (client, _) =>
        {
            client.SendFin();
            return Task.CompletedTask;
        },
        (errno, inspector) => Assert.Equal((Errno.None, "", true), (errno, inspector.Seen, inspector.WasFinal)),
        "");

    [Fact(Timeout = 60_000)]
    public Task A_defect_when_time_is_up_ends_the_inspection() => RunAsync(
        new PreludeLimits(1024, Short),
        new Inspector(enough: 5, isDefect: true),
        (_, _) => Task.CompletedTask,
        (errno, _) => Assert.Equal(Errno.ECONNABORTED, errno),
        null);

    [Fact(Timeout = 60_000)]
    public Task No_more_than_the_limit_is_looked_at() => RunAsync(
        new PreludeLimits(4, Long),
        new Inspector(enough: 5),
        (client, _) => client.SendAllAsync("abcdefgh"u8.ToArray()),
        (errno, inspector) => Assert.Equal((Errno.None, "abcd", true), (errno, inspector.Seen, inspector.WasFinal)),
        "abcdefgh");

    [Fact(Timeout = 60_000)]
    public Task A_reset_is_the_result() => RunAsync(
        new PreludeLimits(1024, Long),
        new Inspector(enough: 5),
        (client, _) =>
        {
            client.Reset();
            return Task.CompletedTask;
        },
        (errno, _) => Assert.Equal(Errno.ECONNRESET, errno),
        null);

    // Whatever was looked at must then arrive at the server, once and whole.
    private static async Task RunAsync(
        PreludeLimits limits, Inspector inspector, Func<Socket, Inspector, Task> send, Action<Errno, Inspector> check, string? arrives)
    {
        int descriptors = FileDescriptors.Count;
        using (var server = new Server())
        await using (ITransport transport = TransportUnderTest.Create())
        {
            IReadOnlyList<IConnectionListener> listeners = await transport.BindAsync(Sockets.AnyV4);
            var outcome = new TaskCompletionSource<Errno>(TaskCreationOptions.RunContinuationsAsynchronously);
            Task[] accepting =
            [
                .. listeners.Select(queue => transport.RunAsync(queue, async listener =>
                {
                    while (await listener.AcceptAsync() is { } accepted)
                        await SpliceAsync(transport, accepted, server.EndPoint, inspector, limits, outcome);
                })),
            ];
            using (Socket client = await Sockets.DialAsync(listeners[0].EndPoint))
            {
                await send(client, inspector);
                check(await outcome.Task.OrHung("the inspection"), inspector);
                if (arrives is not null)
                {
                    client.SendFin();
                    using Socket accepted = await server.AcceptAsync();
                    await accepted.AssertEndsAsync(System.Text.Encoding.ASCII.GetBytes(arrives), Ending.Fin);
                }
            }

            foreach (IConnectionListener listener in listeners)
                await listener.DisposeAsync();
            await Task.WhenAll(accepting).OrHung("the accept loops to end");
        }

        await FileDescriptors.UntilBackAtAsync(descriptors);
    }

    private static async Task SpliceAsync(
        ITransport transport, ConnectionContext client, EndPoint server, Inspector inspector, PreludeLimits limits,
        TaskCompletionSource<Errno> outcome)
    {
        Errno errno = await InspectAsync(transport, client, inspector, limits);
        outcome.SetResult(errno);
        if (errno != Errno.None)
        {
            await transport.ResetAsync(client);
            return;
        }

        ConnectResult upstream = await transport.ConnectAsync(server, Long);
        await transport.Splicer.SpliceAsync(new SplicePair(client, upstream.Connection!, ProxyUnderTest.NoLimits, new ByteMeter()));
    }

    // What a transport makes of a defect is its own affair, as long as it tells.
    private static async Task<Errno> InspectAsync(ITransport transport, ConnectionContext client, Inspector inspector, PreludeLimits limits)
    {
        try
        {
            return await transport.InspectAsync(client, inspector, limits);
        }
        catch (InvalidOperationException)
        {
            return Errno.ECONNABORTED;
        }
    }

    private sealed class Inspector(int enough, bool isDefect = false) : IPreludeInspector
    {
        private volatile string _seen = "";

        public string Seen => _seen;

        public bool WasFinal { get; private set; }

        public bool Inspect(ReadOnlySpan<byte> bytes, bool isFinal)
        {
            Assert.False(WasFinal, "asked again after the last time");
            if (isDefect)
                throw new InvalidOperationException("a defect for the test");
            _seen = System.Text.Encoding.ASCII.GetString(bytes);
            WasFinal = isFinal;
            return bytes.Length >= enough;
        }
    }
}
