using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Tests.Linux;

public sealed class LoadedImageTests : IDisposable
{
    private const ushort Fixed = 2, AnyAddress = 3;
    private const uint Load = 1, Note = 4;
    private const uint Execute = 1, Write = 2, Read = 4;
    private static readonly int Page = Environment.SystemPageSize;

    private readonly string _path = Path.GetTempFileName();

    [Fact]
    public void Only_what_is_run_and_never_written_is_found_and_whole_pages_of_it()
    {
        WriteProgram(
            Fixed,
            (Load, Read, 0x400000, 3 * Page),
            (Load, Read | Execute, 0x500000, (2 * Page) + 10),
            (Load, Read | Execute, 0x600010, 2 * Page),
            (Load, Read | Execute, 0x700000, Page - 1),
            (Load, Read | Write | Execute, 0x800000, 3 * Page),
            (Load, Read | Write, 0x900000, 3 * Page),
            (Note, Read | Execute, 0xA00000, 3 * Page));
        Assert.Equal([(0x500000, 0x500000 + (2 * Page)), (0x600000 + Page, 0x600000 + (2 * Page))], LoadedImage.FindCode(_path));
    }

    [Fact]
    public void A_program_loaded_anywhere_has_nothing_to_give_back()
    {
        WriteProgram(AnyAddress, (Load, Read | Execute, 0x500000, 2 * Page));
        Assert.Empty(LoadedImage.FindCode(_path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("#!/bin/sh\nexec something that is much longer than any header of a program would be\n")]
    public void What_is_no_program_has_nothing_to_give_back(string text)
    {
        File.WriteAllText(_path, text);
        Assert.Empty(LoadedImage.FindCode(_path));
        Assert.Empty(LoadedImage.FindCode(_path + ".missing"));
    }

    [Fact]
    public void A_page_that_was_written_to_keeps_what_was_written()
    {
        byte[] content = new byte[4 * Page];
        Random.Shared.NextBytes(content);
        File.WriteAllBytes(_path, content);
        using var file = MemoryMappedFile.CreateFromFile(_path, FileMode.Open);
        using MemoryMappedViewAccessor view = file.CreateViewAccessor(0, content.Length, MemoryMappedFileAccess.CopyOnWrite);
        long sum = 0;
        for (int i = 0; i < content.Length; i += Page)
            sum += view.ReadByte(i);
        content[(2 * Page) + 7] ^= 0xFF;
        view.Write((2 * Page) + 7, content[(2 * Page) + 7]);

        long begin = view.SafeMemoryMappedViewHandle.DangerousGetHandle();
        Assert.Equal(3 * Page, LoadedImage.GiveBack(begin, begin + content.Length));
        Assert.Equal(0, LoadedImage.GiveBack(begin, begin + content.Length));
        var after = new byte[content.Length];
        view.ReadArray(0, after, 0, after.Length);
        Assert.Equal(content, after);
    }

    public void Dispose() => File.Delete(_path);

    private void WriteProgram(ushort type, params (uint Type, uint Flags, long Address, long Size)[] segments)
    {
        const int Header = 64, Segment = 56;
        Span<byte> bytes = new byte[Header + (segments.Length * Segment)];
        "\u007fELF\u0002\u0001\u0001"u8.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[16..], type);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[32..], Header);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[54..], Segment);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[56..], (ushort)segments.Length);
        for (int i = 0; i < segments.Length; i++)
        {
            Span<byte> one = bytes[(Header + (i * Segment))..];
            BinaryPrimitives.WriteUInt32LittleEndian(one, segments[i].Type);
            BinaryPrimitives.WriteUInt32LittleEndian(one[4..], segments[i].Flags);
            BinaryPrimitives.WriteInt64LittleEndian(one[16..], segments[i].Address);
            BinaryPrimitives.WriteInt64LittleEndian(one[40..], segments[i].Size);
        }

        File.WriteAllBytes(_path, bytes);
    }
}
