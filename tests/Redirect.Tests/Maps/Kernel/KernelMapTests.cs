using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Sluice.Redirect.Bpf;
using Sluice.Redirect.Linux;
using Sluice.Redirect.Maps;
using Sluice.Redirect.Maps.Kernel;
using Sluice.Redirect.Reactors;
using Sluice.Redirect.Tests.Linux;
using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Tests.Maps.Kernel;

/// <summary>What the conformance tests don't see of the kernel's maps: the library's own sockets in them.</summary>
public sealed class KernelMapTests : KernelTest
{
    [Fact]
    public async Task A_connection_of_the_reactor_lies_in_a_map_until_it_closes()
    {
        using KernelSockHash map = SockHash();
        using var listener = new Socket(System.Net.Sockets.AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var reactor = new Reactor(0, 0);
        await reactor.InvokeAsync(async () =>
        {
            ConnectionContext connection = (await ConnectOperation.StartAsync(
                reactor, listener.LocalEndPoint!, TimeSpan.FromSeconds(10))).Connection!;
            var feature = (IMapSocketFeature)connection;
            Assert.True(feature.TryGetKey(out SocketKey key));
            Assert.Equal(Errno.None, map.Update(key, feature.Socket, MapUpdateFlags.NoExist));
            Assert.Equal(Errno.EEXIST, map.Update(key, feature.Socket, MapUpdateFlags.NoExist));
            Assert.Equal(Errno.None, map.Lookup(key, out ulong cookie));
            Assert.Equal(feature.Socket.Cookie, cookie);
            Assert.Equal(Errno.None, map.GetFirstKey(out SocketKey first));
            Assert.Equal(key, first);

            await connection.DisposeAsync();
            Assert.Equal(Errno.ENOENT, map.Lookup(key, out _));
            Assert.Equal(Errno.EBADF, map.Update(key, feature.Socket));
            return true;
        }).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await reactor.StopAsync();
    }

    [Fact]
    public void A_socket_without_a_descriptor_is_refused()
    {
        using KernelSockHash map = SockHash();
        Assert.Equal(Errno.EBADF, map.Update(Make.Key(1), new FakeSocket(1)));
    }

    [Fact]
    public void A_key_of_another_size_is_refused_though_the_kernel_would_take_it()
    {
        Assert.Equal(Errno.EINVAL, KernelSockHash.Create("test", new MapAttributes(8, 1), out KernelSockHash? map));
        Assert.Null(map);
    }

    [Fact]
    public void A_map_that_is_disposed_throws()
    {
        KernelSockHash map = SockHash();
        map.Dispose();
        Assert.Throws<ObjectDisposedException>(() => map.Delete(Make.Key(1)));
    }

    [Theory]
    [InlineData(AttachType.SkMsgVerdict, AttachType.SkSkbVerdict, Errno.EINVAL)]
    [InlineData(AttachType.SkSkbVerdict, AttachType.SkMsgVerdict, Errno.EINVAL)]
    [InlineData(AttachType.SkSkbStreamParser, AttachType.SkSkbStreamVerdict, Errno.None)]
    public void A_program_is_told_from_another_by_its_type_only(AttachType loadedFor, AttachType slot, Errno expected)
    {
        using KernelSockHash map = SockHash();
        var assembler = new Assembler();
        assembler.Return(1);
        Assert.Equal(
            Errno.None, KernelProgram.Load(assembler.Build(), loadedFor, "pass", new Dictionary<string, BpfMap>(), out KernelProgram? program));
        using (program)
        {
            Assert.Equal(expected, map.Attach(slot, program!));
            Assert.Equal(expected, map.Link(slot, program!, out IMapLink<KernelProgram>? link));
            link?.Dispose();
        }
    }

    private static KernelSockHash SockHash()
    {
        Assert.Equal(Errno.None, KernelSockHash.Create("test", new MapAttributes(SocketKey.Size, 4), out KernelSockHash? map));
        return map!;
    }
}
