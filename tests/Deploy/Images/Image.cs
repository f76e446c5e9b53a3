using System.Text.RegularExpressions;

namespace Sluice.Deploy.Tests.Images;

/// <summary>
/// What the Dockerfile makes, built by buildah without a registry: in place of the base images it names there are <see cref="StandIns"/>.
/// Its binary is the published one, and the containers of these tests run it.
/// </summary>
public sealed partial class Image : IAsyncLifetime
{
    /// <summary>The collection of tests that use it: it is built once, for the first of them.</summary>
    public const string Collection = "image";

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"sluice-image-{Guid.NewGuid():N}");

    /// <summary>A folder for this run alone.</summary>
    public string Scratch => Directory.CreateDirectory(Path.Combine(_folder, "scratch")).FullName;

    /// <summary>The root of the image's files.</summary>
    public string Root { get; private set; } = "";

    /// <summary>Its files, relative to the root, before anything ran in it.</summary>
    public string[] Files { get; private set; } = [];

    /// <summary>Its configuration, as JSON of buildah.</summary>
    public string Inspected { get; private set; } = "";

    /// <summary>The published binary.</summary>
    public string Binary => Path.Combine(Root, "usr/bin/sluice");

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "images are built as root here");
        foreach (string program in (string[])["buildah", "runc", "clang", "dotnet"])
            Installed.Require(program);
        foreach (string name in From().Matches(Repository.Read("Dockerfile")).Select(from => from.Groups[1].Value))
            await CommitAsync(name, StandIns.Make(name, Path.Combine(_folder, Path.GetFileName(name).Replace(':', '-'))));

        string packages = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget");
        await BuildahAsync(
            ["bud", "--isolation", "chroot", "--network", "host", "--pull-never", "--format", "docker",
            .. StandIns.Volumes.SelectMany(path => new[] { "--volume", $"{path}:{path}:ro" }), "--volume", $"{packages}:/root/.nuget", "--tag", "sluice", Repository.Root]);
        string container = await BuildahAsync("from", "--pull-never", "localhost/sluice");
        Root = await BuildahAsync("mount", container);
        var plain = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        Files = [.. Directory.EnumerateFiles(Root, "*", plain).Select(path => Path.GetRelativePath(Root, path)).Order(StringComparer.Ordinal)];
        Inspected = await BuildahAsync("inspect", container);
    }

    public ValueTask DisposeAsync()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task CommitAsync(string name, string files)
    {
        string container = await BuildahAsync("from", "scratch");
        await BuildahAsync("copy", "--quiet", container, files, "/");
        await BuildahAsync(["config", .. StandIns.Settings(name), container]);
        await BuildahAsync("commit", "--quiet", container, name);
    }

    // Storage of its own, that nothing of this machine's is mixed up with; files in plain directories.
    private Task<string> BuildahAsync(params string[] arguments) => Command.RunAsync(
        "buildah", ["--root", $"{_folder}/root", "--runroot", $"{_folder}/run", "--storage-driver", "vfs", .. arguments]);

    [GeneratedRegex("^FROM ([^ \n]+)", RegexOptions.Multiline)]
    private static partial Regex From();
}

/// <summary>Ties the tests to the image.</summary>
[CollectionDefinition(Image.Collection)]
public sealed class ImageTestGroup : ICollectionFixture<Image>;
