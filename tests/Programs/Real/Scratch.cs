namespace Sluice.Programs.Real;

/// <summary>A directory of the test's own, gone with it.</summary>
internal sealed class Scratch : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sluice-");

    public string Root => _directory.FullName;

    public string File(string name) => Path.Combine(Root, name);

    public async Task<string> WriteAsync(string name, string text)
    {
        await System.IO.File.WriteAllTextAsync(File(name), text, TestContext.Current.CancellationToken);
        return File(name);
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
