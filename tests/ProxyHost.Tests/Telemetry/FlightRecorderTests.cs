using Sluice.ProxyHost.Telemetry;
using Sluice.ProxyHost.Tests.Hosting;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Tests.Telemetry;

public sealed class FlightRecorderTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void A_flood_of_one_reason_is_bounded_and_takes_no_place_of_another()
    {
        FlightRecorder flights = Create(size: 100);
        for (int i = 0; i < 50; i++)
            Assert.Equal(i < FlightRecorder.MostPerSecond, flights.TryKeep(EndReason.ClientReset));
        Assert.Equal(50 - FlightRecorder.MostPerSecond, flights.LeftOut);
        Assert.True(flights.TryKeep(EndReason.UpstreamReset));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(flights.TryKeep(EndReason.ClientReset));
    }

    [Fact]
    public void Every_reason_has_its_place()
    {
        FlightRecorder flights = Create(size: 1);
        Assert.All(Enum.GetValues<EndReason>(), reason => Assert.True(flights.TryKeep(reason)));
    }

    [Fact]
    public void Without_room_nothing_is_kept_nor_counted()
    {
        FlightRecorder flights = Create(size: 0);
        Assert.False(flights.TryKeep(EndReason.ClientReset));
        Assert.Equal(0, flights.LeftOut);
    }

    private FlightRecorder Create(int size) => new(Configs.Of(Configs.Cluster()).Admin with { Recorder = new(size) }, _clock);
}
