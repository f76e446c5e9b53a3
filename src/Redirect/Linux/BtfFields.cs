namespace Sluice.Redirect.Linux;

/// <summary>A field's place in its struct and its size, in bytes.</summary>
internal readonly record struct BtfField(int Offset, int Size);

/// <summary>Finds fields of the kernel's structs and sizes of types in BTF.</summary>
internal static class BtfFields
{
    private const int MostDepth = 32;
    private const int MostSteps = 1 << 20;

    /// <summary>
    /// A field by its path, as C would name it: <c>"write_seq"</c>, <c>"inet_conn.icsk_inet.sk.sk_sndbuf"</c>. Anonymous structs and unions
    /// are looked through. ENOENT: no such struct or field; EOPNOTSUPP: a bit field; EBADMSG: the types make no sense.
    /// </summary>
    internal static Errno FindField(this Btf btf, ReadOnlySpan<byte> structName, ReadOnlySpan<byte> path, out BtfField field) =>
        btf.FindField(btf.Find(BtfKind.Struct, structName), path, out field);

    /// <summary>The same in a type given by its id.</summary>
    internal static Errno FindField(this Btf btf, int type, ReadOnlySpan<byte> path, out BtfField field)
    {
        field = default;
        int steps = MostSteps;
        long offset = 0;
        foreach (Range part in path.Split((byte)'.'))
        {
            Errno errno = FindMember(btf, Resolve(btf, type), path[part], MostDepth, ref steps, out long at, out BtfMember member);
            if (errno != Errno.None)
                return errno;

            offset += at;
            type = member.Type;
        }

        long size = btf.SizeOf(type);
        if (size < 0 || offset + size > int.MaxValue)
            return Errno.EBADMSG;

        field = new BtfField((int)offset, (int)size);
        return Errno.None;
    }

    /// <summary>The number behind one of an enum's names. ENOENT: no such enum or name.</summary>
    internal static Errno FindEnumerator(this Btf btf, ReadOnlySpan<byte> enumName, ReadOnlySpan<byte> name, out int number)
    {
        BtfType type = btf[btf.Find(BtfKind.Enum, enumName)];
        for (int i = 0; i < type.EnumeratorCount; i++)
        {
            (uint nameAt, number) = type.Enumerator(i);
            if (btf.IsNamed(nameAt, name))
                return Errno.None;
        }

        number = 0;
        return Errno.ENOENT;
    }

    /// <summary>Bytes of a type, or -1 for what has none (functions, void, what is only declared).</summary>
    internal static long SizeOf(this Btf btf, int type)
    {
        long elements = 1;
        for (int depth = 0; depth < MostDepth; depth++)
        {
            BtfType resolved = btf[Resolve(btf, type)];
            switch (resolved.Kind)
            {
                case BtfKind.Int or BtfKind.Struct or BtfKind.Union or BtfKind.Enum or BtfKind.Enum64 or BtfKind.Float:
                    return Product(elements, resolved.SizeOrType);
                case BtfKind.Pointer:
                    return Product(elements, sizeof(ulong));
                case BtfKind.Array:
                    elements = Product(elements, resolved.Array.Count);
                    type = resolved.Array.Type;
                    break;
                default:
                    return -1;
            }
        }

        return -1;
    }

    private static Errno FindMember(Btf btf, int type, ReadOnlySpan<byte> name, int depth, ref int steps, out long offset, out BtfMember member)
    {
        (offset, member) = (0, default);
        BtfType owner = btf[type];
        for (int i = 0; i < owner.MemberCount; i++)
        {
            if (depth == 0 || --steps < 0)
                return Errno.EBADMSG; // no compiler nests like this: a loop

            member = owner.Member(i);
            offset = member.BitOffset / 8;
            if (member.NameAt != 0)
            {
                if (btf.IsNamed(member.NameAt, name))
                    return IsBitField(btf, member) ? Errno.EOPNOTSUPP : Errno.None;
                continue;
            }

            long outer = offset;
            Errno errno = FindMember(btf, Resolve(btf, member.Type), name, depth - 1, ref steps, out long inner, out member);
            offset = outer + inner;
            if (errno != Errno.ENOENT)
                return errno;
        }

        return Errno.ENOENT;
    }

    private static bool IsBitField(Btf btf, in BtfMember member) =>
        member.BitWidth != 0 || member.BitOffset % 8 != 0 || btf[Resolve(btf, member.Type)].IsPartialInt;

    // Through names and qualifiers to what they stand for; void where they go round in a circle.
    private static int Resolve(Btf btf, int type)
    {
        for (int depth = 0; depth < MostDepth; depth++)
        {
            BtfType current = btf[type];
            if (current.Kind is not (BtfKind.Typedef or BtfKind.Volatile or BtfKind.Const or BtfKind.Restrict or BtfKind.TypeTag))
                return type;

            type = (int)current.SizeOrType;
        }

        return 0;
    }

    // What has no fitting size saturates; it is refused where it would be used.
    private static long Product(long elements, uint size) => Math.Min(elements * size, uint.MaxValue);
}
