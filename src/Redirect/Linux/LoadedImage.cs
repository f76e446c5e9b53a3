using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Sluice.Redirect.Linux;

/// <summary>
/// The program's code as the kernel has mapped it from its file. What has run once stays mapped, whether it is to run again or not.
/// docs/decisions/0026
/// </summary>
public static class LoadedImage
{
    private const int HeaderSize = 64, ProgramHeaderSize = 56; // elf(5), 64 bits
    private const ushort FixedAddress = 2; // ET_EXEC
    private const uint Loaded = 1; // PT_LOAD
    private const uint MayExecute = 1, MayWrite = 2; // PF_X, PF_W

    // Documentation/admin-guide/mm/pagemap.rst: swapped, and of the file or shared.
    private const ulong Swapped = 1UL << 62, OfFile = 1UL << 61;

    private static readonly (long Begin, long End)[] Code = FindCode("/proc/self/exe");

    /// <summary>
    /// Gives back the code's pages: the process has none of them resident afterwards, and those that it goes on to run come back from
    /// the page cache, some microseconds each. A page that anybody has written to stays. Does nothing for a program that is loaded at
    /// an address of the kernel's choice, and without /proc. From any thread, at any time.
    /// </summary>
    /// <returns>Bytes of the ranges that were given back.</returns>
    public static long GiveBack() => Code.Sum(range => GiveBack(range.Begin, range.End));

    /// <summary>The same of any range of whole pages that are private to this process.</summary>
    internal static long GiveBack(long begin, long end)
    {
        try
        {
            return GiveBack(begin, PagesOf(begin, end));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>The ranges of whole pages that a program's file says are loaded at fixed addresses to be run and never written.</summary>
    internal static (long Begin, long End)[] FindCode(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            Span<byte> header = stackalloc byte[HeaderSize];
            file.ReadExactly(header);
            if (!header.StartsWith("\u007fELF\u0002\u0001"u8) || BinaryPrimitives.ReadUInt16LittleEndian(header[16..]) != FixedAddress
                || BinaryPrimitives.ReadUInt16LittleEndian(header[54..]) != ProgramHeaderSize)
                return [];

            file.Position = BinaryPrimitives.ReadInt64LittleEndian(header[32..]);
            Span<byte> headers = new byte[BinaryPrimitives.ReadUInt16LittleEndian(header[56..]) * ProgramHeaderSize];
            file.ReadExactly(headers);
            return FindCode(headers);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static (long Begin, long End)[] FindCode(ReadOnlySpan<byte> headers)
    {
        long page = Environment.SystemPageSize;
        var ranges = new List<(long, long)>();
        for (; headers.Length > 0; headers = headers[ProgramHeaderSize..])
        {
            uint flags = BinaryPrimitives.ReadUInt32LittleEndian(headers[4..]);
            long address = BinaryPrimitives.ReadInt64LittleEndian(headers[16..]);
            long end = (address + BinaryPrimitives.ReadInt64LittleEndian(headers[40..])) / page * page;
            long begin = (address + page - 1) / page * page; // the pages at both ends may be shared with others
            if (BinaryPrimitives.ReadUInt32LittleEndian(headers) == Loaded && (flags & (MayExecute | MayWrite)) == MayExecute && begin < end)
                ranges.Add((begin, end));
        }

        return [.. ranges];
    }

    private static ulong[] PagesOf(long begin, long end)
    {
        using FileStream pagemap = new("/proc/self/pagemap", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        long page = Environment.SystemPageSize;
        var pages = new ulong[(end - begin) / page];
        pagemap.Position = begin / page * sizeof(ulong);
        pagemap.ReadExactly(MemoryMarshal.AsBytes(pages.AsSpan()));
        return pages;
    }

    // A page of the file's own in memory is dropped. Any other is a copy that somebody has written to, a debugger or the runtime
    // itself, and what it holds is nowhere else.
    private static long GiveBack(long begin, ReadOnlySpan<ulong> pages)
    {
        long page = Environment.SystemPageSize;
        long bytes = 0;
        for (int i = 0; i < pages.Length; i++)
        {
            int first = i;
            while (i < pages.Length && (pages[i] & (Swapped | OfFile)) == OfFile)
                i++;
            if (i > first && Syscall.DropPages((nint)(begin + (first * page)), (nuint)((i - first) * page)) == 0)
                bytes += (i - first) * page;
        }

        return bytes;
    }
}
