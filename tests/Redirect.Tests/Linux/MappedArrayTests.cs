using System.Runtime.InteropServices;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Tests.Linux;

public sealed class MappedArrayTests : KernelTest
{
    [Fact]
    public void A_program_and_we_see_the_same_values()
    {
        using BpfMap map = Map(BpfMapType.Array, 4, 8, entries: 3, flags: BpfMapFlags.Mappable);
        using BpfProgram program = TestPrograms.Load(TestPrograms.Count, map);
        using MappedArray<ulong> array = Of<ulong>(map);
        array[0] = 40;
        program.Run(TestPrograms.Packet);
        program.Run(TestPrograms.Packet);
        Assert.Equal((42UL, 0UL), (Volatile.Read(ref array[0]), array[2]));
        array[2] = 9;
        Assert.Equal(Errno.None, map.Lookup(2u, out ulong value));
        Assert.Equal(9UL, value);
    }

    [Fact]
    public void Values_lie_where_the_kernel_has_them()
    {
        using BpfMap map = Map(BpfMapType.Array, 4, 12, entries: 1000, flags: BpfMapFlags.Mappable);
        using MappedArray<Twelve> array = Of<Twelve>(map);
        for (int i = 0; i < array.Count; i++)
            array[i] = new Twelve { First = (uint)i, Last = (uint)i * 7 };
        for (uint i = 0; i < 1000; i++)
        {
            Assert.Equal(Errno.None, map.Lookup(i, out Twelve value));
            Assert.Equal((i, i * 7), (value.First, value.Last));
        }
    }

    [Fact]
    public void It_outlives_the_descriptor_but_not_itself()
    {
        BpfMap map = Map(BpfMapType.Array, 4, 8, entries: 2, flags: BpfMapFlags.Mappable);
        MappedArray<ulong> array = Of<ulong>(map);
        map.Dispose();
        array[1] = 5;
        Assert.Equal(5UL, array[1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => array[2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => array[-1]);
        array.Dispose();
        Assert.Throws<ArgumentOutOfRangeException>(() => array[0]);
    }

    [Fact]
    public void Only_a_map_made_for_it_is_mapped()
    {
        using BpfMap map = Map(BpfMapType.Array, 4, 8);
        Assert.Equal(Errno.EINVAL, MappedArray<ulong>.Map(map, out MappedArray<ulong>? array));
        Assert.Null(array);
        Assert.Throws<ArgumentException>(() => MappedArray<uint>.Map(map, out _));
    }

    private static MappedArray<T> Of<T>(BpfMap map) where T : unmanaged
    {
        Assert.Equal(Errno.None, MappedArray<T>.Map(map, out MappedArray<T>? array));
        return array!;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Twelve
    {
        public uint First;
        public uint Middle;
        public uint Last;
    }
}
