using System.Reflection;
using System.Runtime.Loader;
using SharpFuzz;

namespace Sluice.Fuzz;

/// <summary>
/// Runs the program a second time, inside this process, on copies of the code under test whose branches are counted. The
/// assemblies on disk stay as the build made them.
/// </summary>
internal sealed class InstrumentedContext : AssemblyLoadContext
{
    private static readonly string[] UnderTest = ["Sluice.Redirect", "sluice", "YamlDotNet"];

    // Code that runs while the program starts, or that no target reaches, would only be slower.
    private static readonly string[] Namespaces =
        ["Sluice.Redirect.Rules.", "Sluice.Redirect.Verdicts.", "Sluice.Redirect.Compilation.", "Sluice.Redirect.Bpf.", "Sluice.Redirect.ProxyProtocol.", "Sluice.ProxyHost.Configuration.", "YamlDotNet."];

    /// <summary>Whether this is that second time.</summary>
    public static bool IsCurrent => GetLoadContext(typeof(InstrumentedContext).Assembly)!.GetType().FullName == typeof(InstrumentedContext).FullName;

    /// <summary>The process's exit code.</summary>
    public static int Run(string[] args)
    {
        Assembly program = new InstrumentedContext().LoadFromAssemblyPath(typeof(InstrumentedContext).Assembly.Location);
        MethodInfo run = program.GetType(typeof(FuzzCommand).FullName!)!.GetMethod(nameof(FuzzCommand.Run))!;
        return (int)run.Invoke(null, [args])!;
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (!UnderTest.Contains(assemblyName.Name))
            return null;

        string copy = Path.GetTempFileName();
        try
        {
            File.Copy(Path.Combine(AppContext.BaseDirectory, $"{assemblyName.Name}.dll"), copy, overwrite: true);
            Fuzzer.Instrument(copy, type => Namespaces.Any(prefix => type.StartsWith(prefix, StringComparison.Ordinal)), Options.Value);
            using var image = new MemoryStream(File.ReadAllBytes(copy));
            return LoadFromStream(image);
        }
        finally
        {
            File.Delete(copy);
        }
    }
}
