using Sluice.Redirect.Bpf;
using static Sluice.Redirect.Bpf.OperandSize;
using static Sluice.Redirect.Bpf.Register;

namespace Sluice.Redirect.Tests.Bpf;

public sealed class AssemblerTests
{
    [Fact]
    public void A_listing_has_numbers_as_the_verifier_counts_and_names()
    {
        var a = new Assembler();
        Label tooLong = a.NewLabel("too_long");
        Label again = a.NewLabel("again");
        a.Move(R6, R1);
        a.MoveWide(R3, 1UL << 40);
        a.Mark(again);
        a.Comment("how much there is");
        a.Load(Word, R3, R6, 0);
        a.JumpIf(R3, Condition.Above, 4, tooLong);
        a.LoadMap(R1, new MapReference("counts"));
        a.LoadMapValue(R2, new MapReference("totals"), 24);
        a.Call(Helper.MapLookupElem);
        a.JumpIf32(R0, Condition.Equal, 0, again);
        a.Mark(tooLong);
        a.Move(R0, 1);
        a.Exit();
        ProgramImage image = a.Build();
        Assert.Equal(
            """
                0: r6 = r1
                1: r3 = 0x10000000000 ll
            again:
                   ; how much there is
                3: r3 = *(u32 *)(r6 +0)
                4: if r3 > 4 goto too_long
                5: r1 = map counts
                7: r2 = map totals value +24
                9: call map_lookup_elem
               10: if w0 == 0 goto again
            too_long:
               11: r0 = 1
               12: exit

            """,
            image.Listing);
        Assert.Equal("    4: if r3 > 4 goto too_long", image.ListingLine(4));
        Assert.Equal(image.ListingLine(1), image.ListingLine(2));
        Assert.Equal(image.ListingLine(7), image.ListingLine(8));
        Assert.Throws<ArgumentOutOfRangeException>(() => image.ListingLine(13));
        Assert.Throws<ArgumentOutOfRangeException>(() => image.ListingLine(-1));
    }

    [Fact]
    public void Maps_are_filled_in_when_it_is_loaded()
    {
        var a = new Assembler();
        a.Negate(R1);
        a.LoadMap(R1, new MapReference("a"));
        a.LoadMapValue(R2, new MapReference("b"), 24);
        a.LoadMap(R3, new MapReference("a"));
        ProgramImage image = a.Build();
        Assert.Equal([new Relocation(1, "a"), new Relocation(3, "b"), new Relocation(5, "a")], image.Relocations);
        // dst | BPF_PSEUDO_MAP_FD (1) or BPF_PSEUDO_MAP_VALUE (2) << 4; the descriptor; in the second half the offset.
        Assert.Equal([0x187, 0x1118, 0, 0x2218, 24UL << 32, 0x1318, 0], image.Instructions);
        Assert.Equal(
            [0x187, 0x1118 | (7UL << 32), 0, 0x2218 | (9UL << 32), 24UL << 32, 0x1318 | (7UL << 32), 0],
            image.Resolve(name => name == "a" ? 7 : 9));
    }

    [Fact]
    public void A_jump_goes_to_its_label_before_and_behind()
    {
        var a = new Assembler();
        Label first = a.NewLabel("first");
        Label last = a.NewLabel("last");
        a.Mark(first);
        a.JumpIf(R1, Condition.Equal, 0, last);
        a.JumpIf(R1, Condition.Equal, 0, first);
        a.MoveWide(R1, 1);
        a.Mark(last);
        a.Exit();
        ProgramImage image = a.Build();
        Assert.Equal([0x115UL | (3 << 16), 0x115UL | ((ulong)unchecked((ushort)-2) << 16)], image.Instructions.Take(2));
    }

    [Theory]
    [InlineData(32767, 0x05UL | (32767 << 16))]
    [InlineData(32768, 0x06UL | (32768UL << 32))]
    public void A_jump_without_condition_has_no_limit(int distance, ulong expected)
    {
        (Assembler a, Label end) = Program(distance, (assembler, label) =>
        {
            Label behind = assembler.NewLabel("behind");
            assembler.JumpIf(R1, Condition.Equal, 0, behind);
            assembler.Jump(label);
            assembler.Mark(behind);
        });
        a.Mark(end);
        a.Exit();
        ProgramImage image = a.Build();
        Assert.Equal(expected, image.Instructions[1]);
        Assert.Equal("    1: goto end", image.ListingLine(1));
    }

    [Fact]
    public void A_conditional_jump_that_is_too_long_is_refused()
    {
        (Assembler a, Label end) = Program(32767, (assembler, label) => assembler.JumpIf(R1, Condition.Equal, 0, label));
        a.Mark(end);
        Assert.Equal(0x7FFF0115UL, a.Build().Instructions[0]);

        (a, end) = Program(32768, (assembler, label) => assembler.JumpIf(R1, Condition.Equal, 0, label));
        a.Mark(end);
        Assert.Contains("longer than 32767", Assert.Throws<InvalidOperationException>(a.Build).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_is_marked_once_and_by_its_own_program()
    {
        var a = new Assembler();
        Label here = a.NewLabel("here");
        a.Mark(here);
        Assert.Contains("again", Assert.Throws<InvalidOperationException>(() => a.Mark(here)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => new Assembler().Jump(here));
        Assert.Throws<InvalidOperationException>(() => new Assembler().Mark(here));

        a.Jump(a.NewLabel("nowhere"));
        Assert.Contains("nowhere", Assert.Throws<InvalidOperationException>(a.Build).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_nothing_leads_to_is_left_out()
    {
        var a = new Assembler();
        Label used = a.NewLabel("used");
        Label unused = a.NewLabel("unused");
        a.Jump(used);
        a.Mark(unused);
        a.Comment("gone");
        a.LoadMap(R1, new MapReference("gone"));
        a.Jump(unused);
        a.Mark(used);
        a.Comment("kept");
        a.LoadMap(R1, new MapReference("kept"));
        a.Exit();
        ProgramImage image = a.Build();
        Assert.Equal([new Relocation(1, "kept")], image.Relocations);
        Assert.Equal(
            """
                0: goto used
            used:
                   ; kept
                1: r1 = map kept
                3: exit

            """,
            image.Listing);
    }

    [Fact]
    public void A_program_that_was_built_does_not_change()
    {
        var a = new Assembler();
        a.Comment("one");
        a.Negate(R1);
        ProgramImage image = a.Build();
        string listing = image.Listing;
        a.Comment("two");
        a.Exit();
        Assert.Equal(2, a.Count);
        Assert.Equal(2, a.Build().Instructions.Length);
        Assert.Equal(listing, image.Listing);
    }

    private static (Assembler Assembler, Label End) Program(int distance, Action<Assembler, Label> jump)
    {
        var a = new Assembler();
        Label end = a.NewLabel("end");
        jump(a, end);
        for (int i = 0; i < distance; i++)
            a.Move(R0, 0);
        return (a, end);
    }
}
