namespace Sluice.Redirect.Linux;

/// <summary>One record of BTF, in place: struct btf_type and what follows it. Valid until its <see cref="Btf"/> is disposed.</summary>
internal readonly unsafe struct BtfType
{
    private const uint HeaderSize = 12;

    private readonly uint* _record;

    internal BtfType(uint* record)
    {
        _record = record;
    }

    internal BtfKind Kind => _record is null ? BtfKind.Void : KindOf(_record[1]);

    /// <summary>Bytes, for kinds that have a size of their own; the type it refers to for the others.</summary>
    internal uint SizeOrType => _record is null ? 0 : _record[2];

    /// <summary>How many members a struct or union has.</summary>
    internal int MemberCount => Kind is BtfKind.Struct or BtfKind.Union ? (int)(_record[1] & 0xFFFF) : 0;

    /// <summary>How many names an enum gives to numbers.</summary>
    internal int EnumeratorCount => Kind == BtfKind.Enum ? (int)(_record[1] & 0xFFFF) : 0;

    /// <summary>Elements of an array, and the type of one.</summary>
    internal (uint Count, int Type) Array => Kind == BtfKind.Array ? (_record[5], (int)_record[3]) : default;

    /// <summary>An int that does not fill its bytes: how compilers used to describe a bit field.</summary>
    internal bool IsPartialInt => Kind == BtfKind.Int && (_record[3] & 0x00FF00FF) != SizeOrType * 8;

    /// <summary>A member: the offset of its name, its type, its place in bits, and its width in bits if it is a bit field.</summary>
    internal BtfMember Member(int index)
    {
        uint* member = _record + 3 + (index * 3);
        bool hasWidths = _record[1] >> 31 != 0;
        return new BtfMember(member[0], (int)member[1], hasWidths ? member[2] & 0xFFFFFF : member[2], hasWidths ? member[2] >> 24 : 0);
    }

    /// <summary>One of an enum's names, by the offset it is at, and its number.</summary>
    internal (uint NameAt, int Number) Enumerator(int index) => (_record[3 + (index * 2)], (int)_record[4 + (index * 2)]);

    internal static BtfKind KindOf(uint info) => (BtfKind)((info >> 24) & 0x1F);

    /// <summary>Bytes of a record with this info word; the largest number for a kind that does not exist.</summary>
    internal static uint RecordSize(uint info)
    {
        uint count = info & 0xFFFF;
        return KindOf(info) switch
        {
            BtfKind.Int or BtfKind.Variable or BtfKind.DeclarationTag => HeaderSize + 4,
            BtfKind.Array => HeaderSize + 12,
            BtfKind.Struct or BtfKind.Union or BtfKind.DataSection or BtfKind.Enum64 => HeaderSize + (count * 12),
            BtfKind.Enum or BtfKind.FuncProto => HeaderSize + (count * 8),
            BtfKind.Void or > BtfKind.Enum64 => uint.MaxValue,
            _ => HeaderSize,
        };
    }
}

/// <summary>A member of a struct or union. See <see cref="BtfType.Member"/>.</summary>
internal readonly record struct BtfMember(uint NameAt, int Type, uint BitOffset, uint BitWidth);
