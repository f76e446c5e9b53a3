using System.Text;
using System.Text.Json;
using Sluice.ProxyHost.Telemetry;
using Sluice.ProxyHost.Tests.Hosting;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Tests.Telemetry;

public class AccessFieldTests
{
    private static readonly AccessRecord Everything = new(
        42, "redis", "10.0.0.1:5", "cache", "10.1.0.7:6379", 2, 0.0002134, 0.0012004, 1.5, 123, 456_789, EndReason.RuleReset, Direction.FromClient, Errno.ECONNRESET,
        "a \"quoted\" word", "api", "p/r", "10.0.0.2:6", ["alpn=h2", "0xe0=1"], EndReason.SourceRate, "sockmap", "copy") { Event = "interval", LeftOut = 7 };

    [Fact]
    public void The_table_says_the_same_as_the_record() =>
        Assert.Equal(Json(Everything.WriteTo), Json(new ChosenFields(Everything, AccessFields.All).WriteTo));

    [Fact]
    public void What_is_not_known_is_left_out() => Assert.Equal(
        """{"id":1,"end":"completed"}""",
        Json(new ChosenFields(new(1, "l", "c", "b", null, 0, null, null, 0, 0, 0, EndReason.Completed, null, Errno.None, null), AccessFields.Of(["id", "route", "end"])).WriteTo));

    [Fact]
    public void Chosen_fields_are_in_the_order_that_was_chosen() => Assert.Equal(
        """end=rule_reset id=42 trouble="a \"quoted\" word" tlvs="alpn=h2 0xe0=1" total_seconds=1.5""",
        new ChosenFields(Everything, AccessFields.Of(["end", "id", "trouble", "tlvs", "total_seconds"])).ToString());

    [Fact]
    public void As_attributes_they_have_their_names_and_types()
    {
        Dictionary<string, object?> attributes = new(Everything);
        Assert.Equal(AccessFields.Names, attributes.Keys);
        Assert.Equal((42L, 1.5, "sockmap"), (attributes["id"], attributes["total_seconds"], attributes["path_from_client"]));
    }

    [Fact]
    public void The_path_shows_in_a_line_where_it_is_not_copying() =>
        Assert.EndsWith("123 B up by sockmap, 456789 B down; 7 records before this were left out", Everything.ToString(), StringComparison.Ordinal);

    [Fact]
    public void Ordinary_ends_never_take_from_others_and_what_was_left_out_is_counted()
    {
        var clock = new ManualClock();
        var gate = new AccessGate(2, clock);
        Assert.Equal([true, true, false, false, false], Enumerable.Range(0, 5).Select(_ => gate.TryPass(isOrdinary: true, out int _)));
        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(_ => gate.TryPass(isOrdinary: false, out int _)));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(gate.TryPass(isOrdinary: true, out int ordinary));
        Assert.True(gate.TryPass(isOrdinary: false, out int others));
        Assert.Equal((3, 1), (ordinary, others));
    }

    private static string Json(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
