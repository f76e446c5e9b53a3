using System.Net.Sockets;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Tests.Linux;

public sealed class BpfMapTests : KernelTest
{
    private const ulong NoExist = 1;
    private const ulong Exist = 2;

    [Fact]
    public void A_hash_holds_finds_and_forgets()
    {
        using BpfMap map = Map(BpfMapType.Hash, 4, 8, entries: 2);
        Assert.Equal(Errno.ENOENT, map.Lookup(1u, out ulong value));
        Assert.Equal(Errno.ENOENT, map.Update(1u, 10UL, Exist));
        Assert.Equal(Errno.None, map.Update(1u, 10UL, NoExist));
        Assert.Equal(Errno.EEXIST, map.Update(1u, 11UL, NoExist));
        Assert.Equal(Errno.None, map.Update(1u, 12UL));
        Assert.Equal(Errno.None, map.Lookup(1u, out value));
        Assert.Equal(12UL, value);
        Assert.Equal(Errno.None, map.Update(2u, 20UL));
        Assert.Equal(Errno.E2BIG, map.Update(3u, 30UL));
        Assert.Equal(Errno.None, map.Delete(1u));
        Assert.Equal(Errno.ENOENT, map.Delete(1u));
    }

    [Fact]
    public void Its_keys_are_enumerated()
    {
        using BpfMap map = Map(BpfMapType.Hash, 4, 4, entries: 100);
        Assert.Equal(Errno.ENOENT, map.FirstKey(out uint key));
        for (uint i = 0; i < 100; i++)
            Assert.Equal(Errno.None, map.Update(i, i));

        List<uint> keys = [];
        for (Errno errno = map.FirstKey(out key); errno == Errno.None; errno = map.NextKey(key, out key))
            keys.Add(key);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (uint)i), keys.Order());
    }

    [Fact]
    public void An_array_begins_with_zeros_and_never_forgets()
    {
        using BpfMap map = Map(BpfMapType.Array, 4, 8, entries: 3);
        Assert.Equal(Errno.None, map.Lookup(2u, out ulong value));
        Assert.Equal(0UL, value);
        Assert.Equal(Errno.None, map.Update(2u, 7UL));
        Assert.Equal(Errno.None, map.Lookup(2u, out value));
        Assert.Equal(7UL, value);
        Assert.Equal(Errno.E2BIG, map.Update(3u, 1UL));
        Assert.Equal(Errno.EINVAL, map.Delete(2u));
    }

    [Fact]
    public void Every_cpu_has_its_own_values()
    {
        using BpfMap map = Map(BpfMapType.PerCpuArray, 4, 8, entries: 1);
        using BpfProgram program = TestPrograms.Load(TestPrograms.Count, map);
        for (int i = 0; i < 50; i++)
            program.Run(TestPrograms.Packet);

        byte[] values = new byte[8 * PossibleCpus.Count];
        Assert.Equal(Errno.None, map.Lookup([0, 0, 0, 0], values));
        Assert.Equal(50, values.Chunk(8).Sum(value => BitConverter.ToInt64(value)));
    }

    [Fact]
    public void The_longest_prefix_is_found()
    {
        using BpfMap map = Map(BpfMapType.LpmTrie, 8, 4, flags: BpfMapFlags.NoPreallocation);
        Assert.Equal(Errno.None, map.Update([8, 0, 0, 0, 10, 0, 0, 0], [1, 0, 0, 0]));
        Assert.Equal(Errno.None, map.Update([16, 0, 0, 0, 10, 1, 0, 0], [2, 0, 0, 0]));
        byte[] value = new byte[4];
        Assert.Equal(Errno.None, map.Lookup([32, 0, 0, 0, 10, 1, 2, 3], value));
        Assert.Equal(2, value[0]);
        Assert.Equal(Errno.None, map.Lookup([32, 0, 0, 0, 10, 2, 2, 3], value));
        Assert.Equal(1, value[0]);
        Assert.Equal(Errno.ENOENT, map.Lookup([32, 0, 0, 0, 11, 2, 2, 3], value));
    }

    [Theory]
    [InlineData(8u)]
    [InlineData(40u)]
    public void A_socket_has_storage(uint valueSize)
    {
        Assert.Equal(Errno.None, BpfMap.CreateSkStorage("storage", valueSize, out BpfMap? map));
        using (map)
        {
            using var socket = new Socket(System.Net.Sockets.AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            int fd = (int)socket.Handle;
            byte[] value = [.. Enumerable.Range(1, (int)valueSize).Select(i => (byte)i)];
            byte[] found = new byte[valueSize];
            Assert.Equal(Errno.ENOENT, map!.Lookup(BitConverter.GetBytes(fd), found));
            Assert.Equal(Errno.None, map.Update(BitConverter.GetBytes(fd), value));
            Assert.Equal(Errno.None, map.Lookup(BitConverter.GetBytes(fd), found));
            Assert.Equal(value, found);
        }
    }

    [Fact]
    public void The_kernel_says_what_was_created()
    {
        using BpfMap map = Map(BpfMapType.Hash, 12, 24, entries: 5, flags: BpfMapFlags.NoPreallocation);
        Assert.Equal(Errno.None, map.GetInfo(out BpfMapInfo info));
        Assert.Equal(
            (BpfMapType.Hash, 12u, 24u, 5u, BpfMapFlags.NoPreallocation),
            (info.Type, info.KeySize, info.ValueSize, info.MaxEntries, info.Flags));
        Assert.NotEqual(0u, info.Id);
    }

    [Fact]
    public void What_the_kernel_refuses_is_an_errno()
    {
        Assert.Equal(Errno.EINVAL, BpfMap.Create(BpfMapType.Hash, "test", 0, 8, 1, 0, out BpfMap? map));
        Assert.Null(map);
        Assert.Equal(Errno.EINVAL, BpfMap.Create(BpfMapType.Hash, "a-b", 4, 8, 1, 0, out map));
        Assert.Null(map);
    }

    [Fact]
    public void What_would_write_past_a_buffer_throws()
    {
        using BpfMap map = Map(BpfMapType.Hash, 4, 8);
        Assert.Throws<ArgumentException>(() => map.Lookup(1u, out uint _));
        Assert.Throws<ArgumentException>(() => map.Lookup(1UL, out ulong _));
        Assert.Throws<ArgumentException>(() => map.Update(1u, 1u));
        Assert.Throws<ArgumentException>(() => map.Delete((ushort)1));
        Assert.Throws<ArgumentException>(() => map.NextKey(1u, new byte[3]));
        Assert.Throws<ArgumentException>(() => BpfMap.Create(BpfMapType.Hash, "sixteen_letters_", 4, 8, 1, 0, out _));

        using BpfMap perCpu = Map(BpfMapType.PerCpuArray, 4, 8);
        Assert.Throws<ArgumentException>(() => perCpu.Lookup([0, 0, 0, 0], new byte[(8 * PossibleCpus.Count) - 8]));
    }

    [Fact]
    public void A_closed_map_throws()
    {
        BpfMap map = Map(BpfMapType.Hash, 4, 8);
        map.Dispose();
        Assert.Throws<ObjectDisposedException>(() => map.Delete(1u));
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        using BpfMap map = Map(BpfMapType.Hash, 4, 8);
        Turn(map);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            Turn(map);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void Turn(BpfMap map)
    {
        map.Update(1u, 2UL);
        map.Lookup(1u, out ulong _);
        map.FirstKey(out uint key);
        map.NextKey(key, out key);
        map.Delete(1u);
    }
}

file static class MapExtensions
{
    public static Errno NextKey(this BpfMap map, uint key, byte[] next) => map.NextKey(BitConverter.GetBytes(key), next);
}
