using Sluice.Redirect.Bpf;
using Sluice.Redirect.Rules;
using static Sluice.Redirect.Bpf.Register;

namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>Tests whether an address of the socket is in a set: with comparisons while the set is small, else in a trie of the kernel.</summary>
internal sealed class AddressEmitter(Assembler assembler, BpfProgramKind kind)
{
    /// <summary>The third word of an IPv4 address that is mapped into IPv6, as a little-endian machine loads it.</summary>
    internal const uint MappedWord = 0xFFFF0000;

    private const ulong MappedPrefix = 0xFFFF_0000_0000;

    private readonly ContextField _context = ContextField.Of(kind);

    internal void Emit(AddressTest test, AddressTrie? trie, in Branches to)
    {
        int ip4 = test.Field == Field.RemoteAddress ? _context.RemoteIPv4 : _context.LocalIPv4;
        int ip6 = test.Field == Field.RemoteAddress ? _context.RemoteIPv6 : _context.LocalIPv6;
        if (trie is not null)
            EmitLookup(trie, ip4, ip6, to);
        else
            EmitComparisons(test.Prefixes, ip4, ip6, to);
    }

    // R1 and R2 are the upper and lower half of the address.
    private void EmitComparisons(PrefixSet prefixes, int ip4, int ip6, in Branches to)
    {
        Label ipv6 = assembler.NewLabel("ipv6");
        Label halves = assembler.NewLabel("address");
        IsIPv6(ipv6);
        assembler.Load(OperandSize.Word, R2, R6, ip4);
        assembler.ToBigEndian(R2, 32);
        assembler.MoveWide(R1, MappedPrefix);
        assembler.Or(R2, R1);
        assembler.Move(R1, 0);
        assembler.Jump(halves);
        assembler.Mark(ipv6);
        LoadHalf(R1, ip6);
        LoadHalf(R2, ip6 + 8);
        assembler.Mark(halves);

        // Two ranges of addresses are in one upper half, or have no upper half in common.
        var groups = prefixes.Ranges
            .GroupBy(range => new NumberRange((ulong)(range.First >> 64), (ulong)(range.Last >> 64)))
            .Select(group => (Upper: group.Key, Lower: group.Select(range => new NumberRange((ulong)range.First, (ulong)range.Last)).ToArray()))
            .ToArray();
        Label isIn = to.True;
        Label[] found = [.. groups.Select(group => group.Lower is [(0, ulong.MaxValue)] ? isIn : assembler.NewLabel("lower_half"))];
        new RangeTree(assembler, R1, R3).Emit([.. groups.Select(group => group.Upper)], group => found[group], to.False, found.FirstOrDefault(label => label != isIn) ?? to.Next);
        for (int i = 0; i < groups.Length; i++)
        {
            if (found[i] == isIn)
                continue;

            assembler.Mark(found[i]);
            Label next = found.Skip(i + 1).FirstOrDefault(label => label != isIn) ?? to.Next;
            new RangeTree(assembler, R2, R3).Emit(groups[i].Lower, _ => isIn, to.False, next);
        }
    }

    private void EmitLookup(AddressTrie trie, int ip4, int ip6, in Branches to)
    {
        Label ipv6 = assembler.NewLabel("ipv6");
        Label lookUp = assembler.NewLabel("look_up");
        int address = VerdictFrame.Key + sizeof(uint);
        assembler.StoreImmediate(OperandSize.Word, R10, VerdictFrame.Key, 128);
        IsIPv6(ipv6);
        assembler.StoreImmediate(OperandSize.Word, R10, address, 0);
        assembler.StoreImmediate(OperandSize.Word, R10, address + 4, 0);
        assembler.StoreImmediate(OperandSize.Word, R10, address + 8, unchecked((int)MappedWord));
        CopyWord(ip4, address + 12);
        assembler.Jump(lookUp);
        assembler.Mark(ipv6);
        for (int word = 0; word < 4; word++)
            CopyWord(ip6 + (4 * word), address + (4 * word));
        assembler.Mark(lookUp);
        assembler.LoadMap(R1, trie.Map);
        assembler.Move(R2, R10);
        assembler.Add(R2, VerdictFrame.Key);
        assembler.Call(Helper.MapLookupElem);
        assembler.JumpIf(R0, Condition.Equal, 0, to.False);
        to.Go(assembler, to.True);
    }

    private void IsIPv6(Label ipv6)
    {
        assembler.Load(OperandSize.Word, R1, R6, _context.Family);
        assembler.JumpIf(R1, Condition.Equal, (int)AddressFamilyNumber.IPv6, ipv6);
    }

    private void CopyWord(int field, int place)
    {
        assembler.Load(OperandSize.Word, R1, R6, field);
        assembler.Store(OperandSize.Word, R10, place, R1);
    }

    private void LoadHalf(Register half, int field)
    {
        assembler.Load(OperandSize.Word, half, R6, field);
        assembler.ToBigEndian(half, 32);
        assembler.ShiftLeft(half, 32);
        assembler.Load(OperandSize.Word, R3, R6, field + 4);
        assembler.ToBigEndian(R3, 32);
        assembler.Or(half, R3);
    }
}
