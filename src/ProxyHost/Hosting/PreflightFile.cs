using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Redirect.Splicing.Kernel.Preflight;

namespace Sluice.ProxyHost.Hosting;

/// <summary>
/// Where a preflight is remembered for later starts on the same boot: a file in the directory that systemd makes for the service
/// (RUNTIME_DIRECTORY, gone with the boot), which nobody else may write. Without such a directory nothing is.
/// </summary>
internal sealed class PreflightFile(string? directory)
{
    private const string Name = "preflight.json";
    private const UnixFileMode OthersMayWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private readonly string? _directory = string.IsNullOrEmpty(directory) ? null : directory.Split(':')[0];

    /// <summary>What an earlier start left; null where there is nothing, or nothing that only this service can have written.</summary>
    public PreflightMemory? Read()
    {
        if (_directory is null || OperatingSystem.IsWindows())
            return null;

        string path = Path.Combine(_directory, Name);
        try
        {
            return File.Exists(path) && IsOurs(_directory) && IsOurs(path)
                ? JsonSerializer.Deserialize(File.ReadAllBytes(path), PreflightJson.Default.PreflightMemory)
                : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Leaves something for the next start. False where that is not to be.</summary>
    public bool TryWrite(PreflightMemory memory)
    {
        if (_directory is null || OperatingSystem.IsWindows())
            return false;

        string path = Path.Combine(_directory, Name), made = path + ".new";
        try
        {
            File.Delete(made);
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
            using (var file = new FileStream(made, options))
                JsonSerializer.Serialize(file, memory, PreflightJson.Default.PreflightMemory);
            File.Move(made, path, overwrite: true);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static bool IsOurs(string path) => (File.GetUnixFileMode(path) & OthersMayWrite) == 0;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(PreflightMemory))]
internal sealed partial class PreflightJson : JsonSerializerContext;
