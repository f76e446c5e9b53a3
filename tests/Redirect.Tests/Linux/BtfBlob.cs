using System.Buffers.Binary;
using System.Text;
using Sluice.Redirect.Linux;

namespace Sluice.Redirect.Tests.Linux;

/// <summary>Writes BTF by hand, as Documentation/bpf/btf.rst has it. Types are numbered from 1 as they are added.</summary>
internal sealed class BtfBlob
{
    private readonly List<byte> _strings = [0];
    private readonly List<byte> _types = [];
    private int _count;

    public int Int(string name, uint size, uint bits) => Type(name, BtfKind.Int, 0, size, bits);

    public int Pointer(int type) => Type("", BtfKind.Pointer, 0, (uint)type);

    public int Typedef(string name, int type) => Type(name, BtfKind.Typedef, 0, (uint)type);

    public int Const(int type) => Type("", BtfKind.Const, 0, (uint)type);

    public int Array(int type, int indexType, uint count) => Type("", BtfKind.Array, 0, 0, (uint)type, (uint)indexType, count);

    public int Func(string name, int prototype) => Type(name, BtfKind.Func, 0, (uint)prototype);

    /// <summary>Any record: a kind, its info bits, its size or type, and the words that follow.</summary>
    public int Type(string name, BtfKind kind, uint info, uint sizeOrType, params uint[] rest)
    {
        Word(_types, Name(name));
        Word(_types, ((uint)kind << 24) | info);
        Word(_types, sizeOrType);
        foreach (uint word in rest)
            Word(_types, word);
        return ++_count;
    }

    public int Struct(string name, uint size, params (string Name, int Type, uint BitOffset)[] members) =>
        Aggregate(BtfKind.Struct, name, size, members);

    public int Union(string name, uint size, params (string Name, int Type, uint BitOffset)[] members) =>
        Aggregate(BtfKind.Union, name, size, members);

    public byte[] Build()
    {
        byte[] header = new byte[24];
        BinaryPrimitives.WriteUInt16LittleEndian(header, 0xEB9F);
        header[2] = 1;
        uint[] words = [24, 0, (uint)_types.Count, (uint)_types.Count, (uint)_strings.Count];
        for (int i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4 + (i * 4)), words[i]);
        return [.. header, .. _types, .. _strings];
    }

    public uint Name(string name)
    {
        if (name.Length == 0)
            return 0;

        uint at = (uint)_strings.Count;
        _strings.AddRange(Encoding.UTF8.GetBytes(name));
        _strings.Add(0);
        return at;
    }

    private int Aggregate(BtfKind kind, string name, uint size, (string Name, int Type, uint BitOffset)[] members) => Type(
        name, kind, (uint)members.Length, size,
        [.. members.SelectMany(member => new[] { Name(member.Name), (uint)member.Type, member.BitOffset })]);

    private static void Word(List<byte> bytes, uint word)
    {
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(four, word);
        bytes.AddRange(four);
    }
}
