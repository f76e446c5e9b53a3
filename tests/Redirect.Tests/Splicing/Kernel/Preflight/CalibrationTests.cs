using Sluice.Redirect.Linux;
using Sluice.Redirect.Splicing.Kernel.Preflight;

namespace Sluice.Redirect.Tests.Splicing.Kernel.Preflight;

public sealed class CalibrationTests
{
    [Theory]
    [InlineData(new long[] { 50, 50, 50, 50, 50, 50, 50 }, CalibrationVerdict.NoDearer)]
    [InlineData(new long[] { 105, 105, 105, 105, 105, 105, 105 }, CalibrationVerdict.NoDearer)]
    [InlineData(new long[] { 50, 50, 50, 9000, 50, 50, 50 }, CalibrationVerdict.NoDearer)]
    [InlineData(new long[] { 50, 50, 50, 9000, 50, 50, 120 }, CalibrationVerdict.Undecided)]
    [InlineData(new long[] { 120, 120, 120, 50, 50, 120, 120 }, CalibrationVerdict.Undecided)]
    [InlineData(new long[] { 120, 120, 120, 50, 120, 120, 120 }, CalibrationVerdict.Dearer)]
    [InlineData(new long[] { 106, 106, 106, 106, 106, 106, 106 }, CalibrationVerdict.Dearer)]
    public void All_rounds_but_one_must_agree(long[] kernel, CalibrationVerdict expected)
    {
        CalibrationFigure figure = Calibrator.Judge("t", "u", [.. Enumerable.Repeat(100L, 7)], kernel);
        Assert.Equal((expected, 100L, kernel.Order().ElementAt(3)), (figure.Verdict, figure.Copy, figure.Kernel));
    }

    [Fact]
    public void The_kernel_is_no_dearer_where_no_traffic_makes_it_so()
    {
        CalibrationFigure cheap = Figure(CalibrationVerdict.NoDearer);
        Assert.True(new Calibration([cheap, cheap], "").IsNoDearer);
        Assert.False(new Calibration([cheap, Figure(CalibrationVerdict.Undecided)], "").IsNoDearer);
        Assert.False(new Calibration([Figure(CalibrationVerdict.Dearer), cheap], "").IsNoDearer);
        Assert.False(new Calibration([], "").IsNoDearer);
    }

    [Fact]
    public void The_run_time_of_all_processors_is_added_up() => Assert.Equal(
        111_222,
        CpuMeter.RunTimeOfTasks(
            """
            version 17
            timestamp 4294937395
            cpu0 1 2 3 4 5 6 111000 8 9
            domain0 MC 3 7 7 7 7 7 7 7
            cpu1 0 0 0 0 0 0 222 0 0
            """));

    [Theory]
    [InlineData("")]
    [InlineData("cpu0 1 2 3")]
    [InlineData("cpu0 1 2 3 4 5 6 x 8 9")]
    public void What_is_no_run_time_counts_nothing(string text) => Assert.Equal(0, CpuMeter.RunTimeOfTasks(text));

    [Fact]
    public void A_process_has_used_cpu_time_and_no_process_has_none()
    {
        long before = Syscall.CpuTime(0);
        Assert.True(before > 0);
        Assert.InRange(Syscall.CpuTime(Environment.ProcessId), before, long.MaxValue);
        Assert.True(Syscall.CpuTime(int.MaxValue / 16) < 0);
    }

    private static CalibrationFigure Figure(CalibrationVerdict verdict) => new("t", "u", 1, 1, 0, 0, verdict);
}
