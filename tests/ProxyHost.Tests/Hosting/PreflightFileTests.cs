using System.Runtime.Versioning;
using Sluice.ProxyHost.Hosting;
using Sluice.Redirect.Splicing.Kernel.Preflight;

namespace Sluice.ProxyHost.Tests.Hosting;

[UnsupportedOSPlatform("windows")]
public sealed class PreflightFileTests : IDisposable
{
    private static readonly PreflightMemory Memory = new(
        "boot|release|binary", new Calibration([new CalibrationFigure("requests", "exchange", 50, 30, 6, 7, CalibrationVerdict.NoDearer)], "all"));

    private readonly string _directory = Directory.CreateTempSubdirectory("sluice").FullName;

    [Fact]
    public void What_is_written_is_read()
    {
        Assert.True(new PreflightFile(_directory + ":/elsewhere").TryWrite(Memory));
        PreflightMemory read = new PreflightFile(_directory).Read()!;
        Assert.Equal(Memory.Key, read.Key);
        Assert.Equal(Memory.Calibration!.Figures, read.Calibration!.Figures);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Assert.Single(Directory.GetFiles(_directory))));
    }

    [Fact]
    public void The_last_that_was_written_goes()
    {
        var file = new PreflightFile(_directory);
        Assert.True(file.TryWrite(Memory));
        Assert.True(file.TryWrite(Memory with { Key = "later" }));
        Assert.Equal("later", file.Read()!.Key);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void What_others_may_have_written_is_not_read(UnixFileMode others)
    {
        var file = new PreflightFile(_directory);
        Assert.True(file.TryWrite(Memory));
        string path = Assert.Single(Directory.GetFiles(_directory));
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | others);
        Assert.Null(file.Read());
        Assert.True(file.TryWrite(Memory));
        Assert.NotNull(file.Read());
        File.SetUnixFileMode(_directory, File.GetUnixFileMode(_directory) | others);
        Assert.Null(file.Read());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[1]")]
    public void What_makes_no_sense_is_nothing(string content)
    {
        File.WriteAllText(Path.Combine(_directory, "preflight.json"), content);
        Assert.Null(new PreflightFile(_directory).Read());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/nowhere/at/all")]
    public void Without_a_directory_nothing_is_remembered(string? directory)
    {
        var file = new PreflightFile(directory);
        Assert.False(file.TryWrite(Memory));
        Assert.Null(file.Read());
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
