using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Sluice.Architecture.Tests;

/// <summary>What the compiled assemblies reference and import.</summary>
public sealed class AssemblyTests
{
    private static readonly string Library = typeof(Redirect.Errno).Assembly.Location;
    private static readonly string Daemon = typeof(ProxyHost.Configuration.SluiceConfig).Assembly.Location;

    [Fact]
    public void TheLibraryKnowsNoHostingYamlOrTelemetry()
    {
        string[] references = [.. Assembly.LoadFrom(Library).GetReferencedAssemblies().Select(name => name.Name!)];
        Assert.NotEmpty(references);
        Assert.DoesNotContain(references, name =>
            name is "sluice" or "YamlDotNet" or "System.CommandLine"
            || name.StartsWith("OpenTelemetry", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.Extensions.Hosting", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.AspNetCore.Hosting", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.Extensions.Configuration", StringComparison.Ordinal));
    }

    [Fact]
    public void OnlyTheLinuxFolderCallsIntoTheKernel()
    {
        string[] imports = [.. Imports(Library)];
        Assert.NotEmpty(imports);
        Assert.All(imports, import => Assert.StartsWith("Sluice.Redirect.Linux.", import, StringComparison.Ordinal));
        Assert.Empty(Imports(Daemon));
    }

    // P/Invokes as "Namespace.Type.Method"; a nested type goes by its outermost one's namespace.
    private static IEnumerable<string> Imports(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        MetadataReader metadata = file.GetMetadataReader();
        foreach (MethodDefinition method in metadata.MethodDefinitions.Select(metadata.GetMethodDefinition))
        {
            if (!method.Attributes.HasFlag(MethodAttributes.PinvokeImpl))
                continue;

            TypeDefinition type = metadata.GetTypeDefinition(method.GetDeclaringType());
            string name = $"{metadata.GetString(type.Name)}.{metadata.GetString(method.Name)}";
            while (!type.GetDeclaringType().IsNil)
                type = metadata.GetTypeDefinition(type.GetDeclaringType());
            yield return $"{metadata.GetString(type.Namespace)}.{name}";
        }
    }
}
