using TcpProxyConformance.Cases;
using TcpProxyConformance.Reports;

namespace TcpProxyConformance.Tests;

/// <summary>What is said about the cases is what they are.</summary>
public sealed class ListingTests
{
    private const string Page = "tests/tcpproxy-conformance/README.md";
    private const string Begin = "<!-- made by --list --format markdown -->\n";
    private const string End = "<!-- to here -->";

    [Fact]
    public void TheReadmeHasEveryCase()
    {
        string table = CaseListing.Markdown(CaseList.All);
        if (Repository.IsWritten)
            Repository.Replace(Page, Begin, End, table);
        Assert.Equal(table, Repository.Between(Page, Begin, End));
    }

    [Fact]
    public void NamesAreInKebabCaseAndEachIsThereOnce()
    {
        Assert.All(CaseList.All, one => Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", one.Name));
        Assert.Equal(CaseList.All.Count, CaseList.All.DistinctBy(one => one.Name).Count());
    }
}
