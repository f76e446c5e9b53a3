using System.Net;
using System.Net.Sockets;
using Sluice.Functional.Proxy;
using Sluice.Functional.Wire;
using Sluice.Redirect;
using Sluice.Redirect.Splicing;
using Sluice.Redirect.Transports;

namespace Sluice.Functional.Tests;

/// <summary>IPv4, IPv6 and unix sockets on either side; and binding and dialling that fails.</summary>
public sealed class FamilyTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sluice-");

    public static TheoryData<string, string> Families()
    {
        string[] kinds = ["v4", "v6", "unix", "abstract"];
        return [.. kinds.SelectMany(_ => kinds, (listen, upstream) => (listen, upstream))];
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Families))]
    public async Task EveryFamilyIsSplicedWithEveryOther(string listen, string upstream)
    {
        await using Link link = await Link.OpenAsync(listen: Of(listen, "listen"), upstream: Of(upstream, "upstream"));
        byte[] bytes = new byte[300_000];
        new Random(7).NextBytes(bytes);

        Task sending = Task.WhenAll(link.Client.SendAllAsync(bytes), link.Server.SendAllAsync(bytes));
        Task<byte[]> atServer = link.Server.ReceiveExactlyAsync(bytes.Length), atClient = link.Client.ReceiveExactlyAsync(bytes.Length);
        await Task.WhenAll(sending, atServer, atClient).OrHung("both directions");
        Assert.Equal(bytes, await atServer);
        Assert.Equal(bytes, await atClient);

        link.Client.SendFin();
        await link.Server.AssertEndsAsync(default, Ending.Fin);
        link.Server.SendFin();
        await link.Client.AssertEndsAsync(default, Ending.Fin);
        Assert.Equal(
            new SpliceResult(EndReason.Completed, bytes.Length, bytes.Length, Direction.FromClient, Errno.None), await link.ResultAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task AStaleSocketFileIsReplacedAndRemovedOnClose()
    {
        string path = Path.Combine(_directory.FullName, "stale");
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(path));
            // .NET would remove the file with the socket; a process that is killed does not.
            File.Move(path, path + ".kept");
        }

        File.Move(path + ".kept", path);
        using var server = new Server();
        await using (await ProxyUnderTest.StartAsync(server.EndPoint, new UnixDomainSocketEndPoint(path)))
        {
            using Socket client = await Sockets.DialAsync(new UnixDomainSocketEndPoint(path));
            using Socket accepted = await server.AcceptAsync();
        }

        Assert.False(File.Exists(path));
    }

    [Fact(Timeout = 60_000)]
    public async Task AnAddressInUseIsRefusedWithAdvice()
    {
        using var server = new Server();
        BindException tcp = await Assert.ThrowsAsync<BindException>(() => ProxyUnderTest.StartAsync(server.EndPoint, server.EndPoint));
        Assert.Equal((Errno.EADDRINUSE, server.EndPoint), (tcp.Errno, tcp.EndPoint));
        Assert.Contains("EADDRINUSE", tcp.Message, StringComparison.Ordinal);

        var path = new UnixDomainSocketEndPoint(Path.Combine(_directory.FullName, "live"));
        using var live = new Server(path);
        BindException unix = await Assert.ThrowsAsync<BindException>(() => ProxyUnderTest.StartAsync(server.EndPoint, path));
        Assert.Equal(Errno.EADDRINUSE, unix.Errno);

        string file = Path.Combine(_directory.FullName, "file");
        await File.WriteAllTextAsync(file, "", Deadline.Token);
        BindException notASocket = await Assert.ThrowsAsync<BindException>(
            () => ProxyUnderTest.StartAsync(server.EndPoint, new UnixDomainSocketEndPoint(file)));
        Assert.Equal(Errno.EADDRINUSE, notASocket.Errno);
        Assert.True(File.Exists(file), "a file that is no socket was removed");
    }

    [Fact(Timeout = 60_000)]
    public async Task FailuresToDialAreValues()
    {
        EndPoint closed;
        using (var server = new Server())
            closed = server.EndPoint;
        var missing = new UnixDomainSocketEndPoint(Path.Combine(_directory.FullName, "missing"));

        await using ITransport transport = TransportUnderTest.Create();
        Assert.Equal(new ConnectResult(null, Errno.ECONNREFUSED), await transport.ConnectAsync(closed, TimeSpan.FromSeconds(10)));
        Assert.Equal(new ConnectResult(null, Errno.ENOENT), await transport.ConnectAsync(missing, TimeSpan.FromSeconds(10)));
    }

    [Fact(Timeout = 60_000)]
    public async Task ADialThatGetsNoAnswerTimesOut()
    {
        // A backlog of one that is full: the kernel drops the SYN of whoever comes then.
        using var full = new Server(backlog: 0);
        using Socket first = await Sockets.DialAsync(full.EndPoint);
        await using ITransport transport = TransportUnderTest.Create();
        ConnectResult dialled = await transport.ConnectAsync(full.EndPoint, TimeSpan.FromMilliseconds(200));
        Assert.Equal(new ConnectResult(null, Errno.ETIMEDOUT), dialled);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ADialCanBeGivenUpFromOutsideAtAnyTime(bool before)
    {
        using var full = new Server(backlog: 0);
        using Socket first = await Sockets.DialAsync(full.EndPoint);
        await using ITransport transport = TransportUnderTest.Create();
        int descriptors = FileDescriptors.Count;
        var scope = new Scope { IsAborted = before };
        Task<ConnectResult> dialling = transport.ConnectAsync(full.EndPoint, TimeSpan.FromMinutes(5), scope).AsTask();
        IAbortable operation = await scope.Entered.Task.OrHung("the dial to begin");
        operation.Abort(EndReason.Aborted);
        Assert.Equal(new ConnectResult(null, Errno.ECANCELED), await dialling.OrHung("the dial to be given up"));
        operation.Abort(EndReason.Aborted);
        await FileDescriptors.UntilBackAtAsync(descriptors);
    }

    [Fact(Timeout = 60_000)]
    public async Task AConnectionThatCannotBeDialledIsReset()
    {
        EndPoint closed;
        using (var server = new Server())
            closed = server.EndPoint;
        await using ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(closed);
        using Socket client = Sockets.Create(proxy.EndPoint);
        // The reset may be there before the connect is seen to have succeeded.
        if (await Record.ExceptionAsync(async () => await client.ConnectAsync(proxy.EndPoint, Deadline.Token)) is { } refused)
            Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(refused).SocketErrorCode);
        else
            await client.AssertEndsAsync(default, Ending.Rst);
        Assert.Equal(EndReason.ConnectFailed, (await proxy.NextResultAsync()).Reason);
    }

    private sealed class Scope : IAbortScope
    {
        public TaskCompletionSource<IAbortable> Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsAborted { get; init; }

        public void Enter(IAbortable operation)
        {
            if (IsAborted)
                operation.Abort(EndReason.Aborted);
            Entered.SetResult(operation);
        }
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private EndPoint Of(string kind, string name) => kind switch
    {
        "v4" => Sockets.AnyV4,
        "v6" => Sockets.AnyV6,
        "unix" => new UnixDomainSocketEndPoint(Path.Combine(_directory.FullName, name)),
        _ => new UnixDomainSocketEndPoint($"\0sluice-{Environment.ProcessId}-{name}-{_directory.Name}"),
    };
}
