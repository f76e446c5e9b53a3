using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Win32.SafeHandles;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Tests.Linux;

public sealed partial class KernelBtfTests
{
    [Fact]
    public void The_kernels_own_types_are_read()
    {
        using Btf btf = ReadKernel();
        foreach (string path in (string[])["write_seq", "snd_una", "copied_seq", "rcv_nxt"])
        {
            Assert.Equal(Errno.None, btf.FindField("tcp_sock"u8, Encoding.UTF8.GetBytes(path), out BtfField field));
            Assert.Equal(sizeof(uint), field.Size);
        }

        Assert.Equal(Errno.None, btf.FindField("tcp_sock"u8, "inet_conn.icsk_inet.sk.sk_sndbuf"u8, out BtfField nested));
        Assert.Equal(Errno.None, btf.FindField("sock"u8, "sk_sndbuf"u8, out BtfField own));
        Assert.Equal(own, nested);
        Assert.True(btf.SizeOf(btf.Find(BtfKind.Struct, "tcp_sock"u8)) > own.Offset);
        Assert.NotEqual(0, btf.Find(BtfKind.Func, "tcp_sendmsg"u8));
        Assert.Equal(0, btf.Find(BtfKind.Func, "no_such_function"u8));
    }

    // What a kernel does that maps its types for nobody.
    [Fact]
    public void A_copy_of_them_says_the_same()
    {
        using Btf mapped = ReadKernel();
        using SafeFileHandle file = File.OpenHandle(Btf.KernelPath);
        Assert.Equal(Errno.None, Btf.Copy(file, (int)RandomAccess.GetLength(file), out Btf? read));
        using Btf copied = read!;
        Assert.Equal(mapped.Count, copied.Count);
        for (int id = 1; id <= mapped.Count; id++)
        {
            Assert.Equal(mapped[id].Kind, copied[id].Kind);
            Assert.Equal(mapped.SizeOf(id), copied.SizeOf(id));
        }
    }

    // Every struct and union of the kernel, and each of their named members that another reader shows in whole bytes.
    [Fact]
    public void They_are_what_bpftool_reads()
    {
        using Btf btf = ReadKernel();
        int types = 0, members = 0, owner = 0;
        long ownerSize = 0;
        HashSet<string> names = [];
        foreach (string line in Dump())
        {
            if (Aggregate().Match(line) is { Success: true } aggregate)
            {
                owner = Number(aggregate, 1);
                ownerSize = Number(aggregate, 4);
                names.Clear();
                Assert.Equal(ownerSize, btf.SizeOf(owner));
                Assert.Equal(Enum.Parse<BtfKind>(aggregate.Groups[2].Value, ignoreCase: true), btf[owner].Kind);
                types++;
            }
            else if (line.StartsWith('['))
            {
                owner = 0;
            }
            else if (owner != 0 && !line.StartsWith("\t'(anon)'", StringComparison.Ordinal) && Member().Match(line) is { Success: true } member && names.Add(member.Groups[1].Value))
            {
                Errno errno = btf.FindField(owner, Encoding.UTF8.GetBytes(member.Groups[1].Value), out BtfField field);
                int bits = Number(member, 3);
                if (member.Groups[4].Success || bits % 8 != 0)
                {
                    Assert.Equal(Errno.EOPNOTSUPP, errno);
                    continue;
                }

                Assert.Equal((Errno.None, bits / 8), (errno, field.Offset));
                Assert.True(field.Offset + field.Size <= ownerSize);
                members++;
            }
        }

        Assert.True(types > 1000 && members > 10_000, $"{types} types and {members} members are not a kernel's");
    }

    private static Btf ReadKernel()
    {
        Assert.SkipUnless(File.Exists(Btf.KernelPath), "This kernel has no BTF");
        Assert.Equal(Errno.None, Btf.Read(Btf.KernelPath, out Btf? btf));
        return btf!;
    }

    private static string[] Dump()
    {
        try
        {
            using Process? process = Process.Start(
                new ProcessStartInfo("bpftool", ["btf", "dump", "file", Btf.KernelPath, "format", "raw"]) { RedirectStandardOutput = true });
            string[] lines = process!.StandardOutput.ReadToEnd().Split('\n');
            process.WaitForExit();
            Assert.SkipWhen(process.ExitCode != 0, "bpftool cannot read this kernel's types");
            return lines;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.NotEqual("1", Environment.GetEnvironmentVariable("SLUICE_REQUIRE_PROGRAMS"));
            Assert.Skip("bpftool is not installed");
            return [];
        }
    }

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\[(\d+)\] (STRUCT|UNION) '(.*)' size=(\d+) ")]
    private static partial Regex Aggregate();

    [GeneratedRegex(@"^\t'(.+)' type_id=(\d+) bits_offset=(\d+)( bitfield_size=)?")]
    private static partial Regex Member();
}
