using CsCheck;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Tests.Linux;

public sealed class BtfTests
{
    private const uint HasWidths = 1u << 31;

    [Fact]
    public void Fields_are_found_through_names_qualifiers_and_what_is_anonymous()
    {
        var blob = new BtfBlob();
        int u32 = blob.Int("unsigned int", 4, 32);
        int alias = blob.Const(blob.Typedef("u32", u32));
        int inner = blob.Struct("", 8, ("low", u32, 0), ("high", alias, 32));
        int either = blob.Union("", 8, ("whole", u32, 0), ("", blob.Const(inner), 0));
        int sock = blob.Struct("sock", 24, ("state", u32, 0), ("sndbuf", u32, 128));
        int outer = blob.Struct("tcp_sock", 64, ("sk", blob.Typedef("sock_t", sock), 64), ("", either, 256), ("next", blob.Pointer(sock), 320),
            ("table", blob.Array(blob.Array(u32, u32, 3), u32, 2), 384));
        using Btf btf = Parse(blob);
        Assert.Equal(outer, btf.Find(BtfKind.Struct, "tcp_sock"u8));
        Assert.Equal(new BtfField(24, 4), Field(btf, "sk.sndbuf"));
        Assert.Equal(new BtfField(8, 24), Field(btf, "sk"));
        Assert.Equal(new BtfField(32, 4), Field(btf, "whole"));
        Assert.Equal(new BtfField(32, 4), Field(btf, "low"));
        Assert.Equal(new BtfField(36, 4), Field(btf, "high"));
        Assert.Equal(new BtfField(40, 8), Field(btf, "next"));
        Assert.Equal(new BtfField(48, 24), Field(btf, "table"));
        Assert.Equal((64L, -1L), (btf.SizeOf(outer), btf.SizeOf(0)));
    }

    [Fact]
    public void A_type_is_found_by_kind_and_whole_name()
    {
        var blob = new BtfBlob();
        int prototype = blob.Type("", BtfKind.FuncProto, 0, 0);
        int function = blob.Func("rdonly_cast", prototype);
        int structure = blob.Struct("rdonly_cast", 4);
        using Btf btf = Parse(blob);
        Assert.Equal(function, btf.Find(BtfKind.Func, "rdonly_cast"u8));
        Assert.Equal(structure, btf.Find(BtfKind.Struct, "rdonly_cast"u8));
        Assert.Equal(0, btf.Find(BtfKind.Func, "rdonly"u8));
        Assert.Equal(0, btf.Find(BtfKind.Func, "rdonly_cast_"u8));
        Assert.Equal(0, btf.Find(BtfKind.Union, "rdonly_cast"u8));
    }

    [Fact]
    public void What_is_no_field_of_whole_bytes_is_refused()
    {
        var blob = new BtfBlob();
        int u32 = blob.Int("unsigned int", 4, 32);
        int three = blob.Int("old bits", 4, 3);
        blob.Struct("old", 8, ("a", u32, 0), ("bits", three, 32), ("askew", u32, 3));
        blob.Type("new", BtfKind.Struct, HasWidths | 2, 4, blob.Name("bit"), (uint)u32, (1u << 24) | 8, blob.Name("a"), (uint)u32, 0);
        using Btf btf = Parse(blob);
        Assert.Equal(Errno.EOPNOTSUPP, btf.FindField("old"u8, "bits"u8, out _));
        Assert.Equal(Errno.EOPNOTSUPP, btf.FindField("old"u8, "askew"u8, out _));
        Assert.Equal(Errno.EOPNOTSUPP, btf.FindField("new"u8, "bit"u8, out _));
        Assert.Equal(Errno.None, btf.FindField("new"u8, "a"u8, out _));
        Assert.Equal(Errno.ENOENT, btf.FindField("new"u8, "b"u8, out _));
        Assert.Equal(Errno.ENOENT, btf.FindField("new"u8, "a.b"u8, out _));
        Assert.Equal(Errno.ENOENT, btf.FindField("none"u8, "a"u8, out _));
        Assert.Equal(Errno.ENOENT, btf.FindField("new"u8, ""u8, out _));
    }

    [Fact]
    public void Types_that_go_in_circles_are_refused()
    {
        var blob = new BtfBlob();
        blob.Typedef("round", 1);
        blob.Struct("nested", 4, ("", 2, 0));
        blob.Struct("wide", 4, ("", 4, 0), ("", 4, 0));
        blob.Struct("", 4, ("", 3, 0), ("", 3, 0));
        blob.Struct("typed", 4, ("a", 1, 0), ("array", 6, 0), ("beyond", 99, 0));
        blob.Array(6, 6, uint.MaxValue);
        using Btf btf = Parse(blob);
        Assert.Equal(Errno.EBADMSG, btf.FindField("nested"u8, "a"u8, out _));
        Assert.Equal(Errno.EBADMSG, btf.FindField("wide"u8, "a"u8, out _));
        Assert.Equal(Errno.EBADMSG, btf.FindField("typed"u8, "a"u8, out _));
        Assert.Equal(Errno.EBADMSG, btf.FindField("typed"u8, "array"u8, out _));
        Assert.Equal(Errno.EBADMSG, btf.FindField("typed"u8, "beyond"u8, out _));
        Assert.Equal(Errno.ENOENT, btf.FindField("typed"u8, "a.b"u8, out _));
    }

    [Fact]
    public void A_disposed_one_throws()
    {
        Btf btf = Parse(new BtfBlob());
        btf.Dispose();
        btf.Dispose();
        Assert.Throws<ObjectDisposedException>(() => btf.Find(BtfKind.Int, "int"u8));
        Assert.Throws<ObjectDisposedException>(() => btf[1]);
    }

    [Fact]
    public void A_file_that_is_not_there_or_no_btf_is_an_errno()
    {
        Assert.Equal(Errno.ENOENT, Btf.Read("/sys/kernel/btf/none", out Btf? btf));
        Assert.Null(btf);
        Assert.Equal(Errno.EBADMSG, Btf.Read("/proc/self/status", out btf));
        Assert.Null(btf);
    }

    [Fact]
    public void A_shortened_blob_is_refused()
    {
        byte[] whole = Sample();
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Equal(Errno.EBADMSG, Btf.Parse(whole.AsSpan(0, length), out Btf? btf));
            Assert.Null(btf);
        }
    }

    // Whatever bytes say, they are read to an answer: nothing is read outside of the blob, and nothing goes on for ever.
    [Fact]
    public void Damaged_blobs_are_read_to_an_answer()
    {
        byte[] whole = Sample();
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte).Array[1, 6].Sample(damages =>
        {
            byte[] blob = [.. whole];
            foreach ((int at, byte value) in damages)
                blob[at] = value;
            Errno errno = Btf.Parse(blob, out Btf? btf);
            Assert.Equal(errno == Errno.None, btf is not null);
            using (btf)
            {
                if (btf is null)
                    return;

                foreach (string path in (string[])["a", "sk.state", "low", "table", "x.y.z"])
                    btf.FindField("tcp_sock"u8, System.Text.Encoding.UTF8.GetBytes(path), out _);
                for (int id = -1; id <= btf.Count + 1; id++)
                {
                    btf.SizeOf(id);
                    btf.FindField(id, "a"u8, out _);
                }
            }
        });
    }

    private static byte[] Sample()
    {
        var blob = new BtfBlob();
        int u32 = blob.Int("unsigned int", 4, 32);
        int inner = blob.Union("", 8, ("low", u32, 0), ("high", blob.Const(u32), 32));
        int sock = blob.Struct("sock", 24, ("state", u32, 0));
        blob.Struct("tcp_sock", 64, ("sk", blob.Typedef("sock_t", sock), 64), ("", inner, 256), ("table", blob.Array(u32, u32, 3), 384));
        blob.Type("e", BtfKind.Enum, 1, 4, blob.Name("one"), 1);
        blob.Func("f", blob.Type("", BtfKind.FuncProto, 1, 0, blob.Name("p"), (uint)u32));
        return blob.Build();
    }

    private static Btf Parse(BtfBlob blob)
    {
        Assert.Equal(Errno.None, Btf.Parse(blob.Build(), out Btf? btf));
        return btf!;
    }

    private static BtfField Field(Btf btf, string path)
    {
        Assert.Equal(Errno.None, btf.FindField("tcp_sock"u8, System.Text.Encoding.UTF8.GetBytes(path), out BtfField field));
        return field;
    }
}
