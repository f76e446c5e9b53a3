using System.Text.Json;
using Sluice.ProxyHost.Telemetry;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Tests.Telemetry;

public class EndReasonNamesTests
{
    [Fact]
    public void Every_reason_has_its_own_name_in_snake_case() =>
        Assert.All(Enum.GetValues<EndReason>(), reason => Assert.Equal(JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString()), reason.Name()));

    [Fact]
    public void Every_direction_path_and_refusal_has_its_own_name_in_snake_case()
    {
        Assert.All(WireNames.Directions, d => Assert.Equal(JsonNamingPolicy.SnakeCaseLower.ConvertName(d.ToString()), d.Name()));
        Assert.All(WireNames.DataPaths, p => Assert.Equal(JsonNamingPolicy.SnakeCaseLower.ConvertName(p.ToString()), p.Name()));
        Assert.All(WireNames.OffloadRefusals, r => Assert.Equal(JsonNamingPolicy.SnakeCaseLower.ConvertName(r.ToString()), r.Name()));
    }
}
