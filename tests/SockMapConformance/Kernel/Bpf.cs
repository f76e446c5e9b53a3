using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Sluice.Redirect;

namespace Sluice.SockMapConformance.Engine;

/// <summary>bpf(2) with its attributes as bytes at the offsets of union bpf_attr (uapi/linux/bpf.h).</summary>
internal static unsafe partial class Bpf
{
    internal const int MapCreate = 0;
    internal const int MapLookup = 1;
    internal const int MapUpdate = 2;
    internal const int MapDelete = 3;
    internal const int MapNextKey = 4;
    internal const int ProgramLoad = 5;
    internal const int ProgramAttach = 8;
    internal const int ProgramDetach = 9;
    internal const int LinkCreate = 28;
    internal const int LinkUpdate = 29;

    internal const int AttributeSize = 128;

    private static readonly nint Number = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 280 : 321;

    /// <summary>A descriptor or 0, or minus an errno.</summary>
    internal static int Call(int command, ReadOnlySpan<byte> attributes)
    {
        fixed (byte* pointer = attributes)
        {
            nint result = syscall(Number, command, pointer, AttributeSize);
            return result >= 0 ? (int)result : -Marshal.GetLastSystemError();
        }
    }

    /// <summary>Runs a command on an element of a map.</summary>
    internal static Errno Element(int command, int map, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ulong flags = 0)
    {
        fixed (byte* keyBytes = key)
        fixed (byte* valueBytes = value)
        {
            Span<byte> attributes = stackalloc byte[AttributeSize];
            attributes.Clear();
            Set(attributes, 0, map);
            BinaryPrimitives.WriteUInt64LittleEndian(attributes[8..], (ulong)keyBytes);
            BinaryPrimitives.WriteUInt64LittleEndian(attributes[16..], (ulong)valueBytes);
            BinaryPrimitives.WriteUInt64LittleEndian(attributes[24..], flags);
            return (Errno)(-Call(command, attributes));
        }
    }

    /// <summary>Loads a program of raw instructions.</summary>
    internal static int Load(int type, int attachType, ReadOnlySpan<ulong> instructions)
    {
        fixed (ulong* code = instructions)
        fixed (byte* license = "GPL\0"u8)
        {
            Span<byte> attributes = stackalloc byte[AttributeSize];
            attributes.Clear();
            Set(attributes, 0, type);
            Set(attributes, 4, instructions.Length);
            BinaryPrimitives.WriteUInt64LittleEndian(attributes[8..], (ulong)code);
            BinaryPrimitives.WriteUInt64LittleEndian(attributes[16..], (ulong)license);
            Set(attributes, 68, attachType);
            return Call(ProgramLoad, attributes);
        }
    }

    /// <summary>A command whose attributes are a row of 32-bit numbers from the start.</summary>
    internal static int Numbers(int command, params ReadOnlySpan<int> numbers)
    {
        Span<byte> attributes = stackalloc byte[AttributeSize];
        attributes.Clear();
        for (int i = 0; i < numbers.Length; i++)
            Set(attributes, i * sizeof(int), numbers[i]);
        return Call(command, attributes);
    }

    private static void Set(Span<byte> attributes, int offset, int value) =>
        BinaryPrimitives.WriteInt32LittleEndian(attributes[offset..], value);

    [LibraryImport("libc")]
    private static partial nint syscall(nint number, nint command, void* attributes, nint size);
}
