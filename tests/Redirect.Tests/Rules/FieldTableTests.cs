using Sluice.Redirect.Rules;

namespace Sluice.Redirect.Tests.Rules;

public sealed class FieldTableTests
{
    [Fact]
    public void Every_field_has_its_row() =>
        Assert.Equal(Enum.GetValues<Field>(), FieldTable.Rows.Select(row => row.Field));

    [Fact]
    public void Every_word_leads_to_its_row_and_no_other()
    {
        foreach (FieldRow row in FieldTable.Rows)
        {
            Assert.NotEmpty(row.Words);
            Assert.All(row.Words, word => Assert.Same(row, FieldTable.Find(word)));
            Assert.Same(row, FieldTable.Row(row.Field));
        }

        Assert.Null(FieldTable.Find("u128"));
    }

    [Fact]
    public void Every_field_is_described_in_a_sentence() => Assert.All(FieldTable.Rows, row => Assert.EndsWith(".", row.Description, StringComparison.Ordinal));

    [Theory]
    [InlineData(Field.Number, true)]
    [InlineData(Field.Bytes, true)]
    [InlineData(Field.Sni, true)]
    [InlineData(Field.Alpn, true)]
    [InlineData(Field.MessageLength, false)]
    [InlineData(Field.RemoteAddress, false)]
    public void Only_what_looks_into_the_message_may_wait_for_bytes(Field field, bool reads) =>
        Assert.Equal(reads, FieldTable.Row(field).ReadsBytes);
}
