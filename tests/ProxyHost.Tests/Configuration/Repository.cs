namespace Sluice.ProxyHost.Tests.Configuration;

/// <summary>Files of the checkout that the tests run from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static string[] Examples { get; } =
        [Path.Combine(Root, "config/sluice.yaml"), .. Directory.GetFiles(Path.Combine(Root, "config/examples"), "*.yaml")];

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "Sluice.slnx")) ? folder : Find(Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("no Sluice.slnx above the tests"));
}
