using System.IO.MemoryMappedFiles;

namespace Sluice.Fuzz;

/// <summary>The input that is being run, where it outlives the process: a full stack cannot be caught.</summary>
internal sealed class LastInput : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    public LastInput(FuzzTarget target)
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"fuzz-{target.Name}-{Environment.ProcessId}.last");
        _file = MemoryMappedFile.CreateFromFile(Path, FileMode.Create, null, sizeof(int) + target.MostBytes);
        _view = _file.CreateViewAccessor();
    }

    /// <summary>Four bytes of length, in this machine's order, and the input.</summary>
    public string Path { get; }

    public void Store(byte[] input)
    {
        int length = (int)Math.Min(input.Length, _view.Capacity - sizeof(int));
        _view.Write(0, length);
        _view.WriteArray(sizeof(int), input, 0, length);
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
        File.Delete(Path);
    }
}
