using Sluice.Redirect.Linux;
using Sluice.Redirect.Splicing.Bypass;
using Sluice.Redirect.Tests.Linux;

namespace Sluice.Redirect.Tests.Splicing.Bypass;

public sealed class BypassProgramTests : KernelTest
{
    [Fact]
    public void The_verifier_takes_both_programs()
    {
        using BypassMaps maps = Maps();
        Assert.True(maps.IsEmpty());
    }

    internal static BypassFields Fields()
    {
        Assert.Equal(Errno.None, Btf.Read(Btf.KernelPath, out Btf? btf));
        using (btf)
        {
            Assert.Equal(Errno.None, BypassFields.Find(btf!, out BypassFields? fields));
            return fields!;
        }
    }

    private static BypassMaps Maps()
    {
        Errno errno = BypassMaps.TryCreate(Fields(), 8, null, null, out BypassMaps? maps, out string refusal);
        Assert.True(errno == Errno.None, $"{errno}: {refusal}");
        return maps!;
    }
}
