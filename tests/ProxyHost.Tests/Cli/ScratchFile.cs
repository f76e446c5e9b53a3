namespace Sluice.ProxyHost.Tests.Cli;

/// <summary>A file that is there for one test.</summary>
internal sealed class ScratchFile : IDisposable
{
    public ScratchFile(string text) => File.WriteAllText(Path, text);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), System.IO.Path.ChangeExtension(System.IO.Path.GetRandomFileName(), ".yaml"));

    public void Dispose() => File.Delete(Path);
}
