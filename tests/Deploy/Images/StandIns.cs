using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Sluice.Deploy.Tests.Images;

/// <summary>
/// In place of base images that would come from a registry. The one with the SDK has no files of its own but this machine's, mounted;
/// the other has the C library and a user, as the real one.
/// </summary>
internal static partial class StandIns
{
    // It looks whether the machine has what the Dockerfile would install.
    private const string AptGet = """
        #!/bin/sh
        set -e
        command=
        for word; do
            case $word in
                -*) ;;
                update | install) command=$word ;;
                *) [ "$command" = install ] && dpkg-query --show "$word" ;;
            esac
        done

        """;

    /// <summary>What of this machine is in the one with the SDK.</summary>
    public static string[] Volumes { get; } = ["/usr", "/etc", "/var/lib/dpkg"];

    /// <summary>Makes the files of an image.</summary>
    public static string Make(string name, string folder)
    {
        foreach (string directory in (string[])["usr", "etc", "proc", "sys", "dev", "run", "root", "tmp", "var/tmp"])
            Directory.CreateDirectory(Path.Combine(folder, directory));
        foreach (string link in (string[])["bin", "lib", "lib64", "sbin"])
            File.CreateSymbolicLink(Path.Combine(folder, link), $"usr/{link}");
        if (IsSdk(name))
            Write(folder, "standin/apt-get", AptGet, (UnixFileMode)0b111_101_101);
        else
            FillRuntime(folder);
        return folder;
    }

    /// <summary>How an image is configured, as options of buildah config.</summary>
    public static string[] Settings(string name) => IsSdk(name)
        ?
        [
            // A server that outlives the build would keep its output open.
            "--env", "UseSharedCompilation=false", "--env", "MSBUILDDISABLENODEREUSE=1", "--env", "PATH=/standin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "--env", "HOME=/root", "--env", "DOTNET_NOLOGO=1",
            .. Kept().SelectMany(variable => new[] { "--env", variable }),
        ]
        : ["--env", "APP_UID=1654", "--user", "1654"];

    private static bool IsSdk(string name) => name.Contains("/sdk:", StringComparison.Ordinal);

    // How this machine reaches packages is its own business.
    private static IEnumerable<string> Kept() =>
        from name in (string[])["NUGET_CERT_REVOCATION_MODE", "SSL_CERT_DIR", "SSL_CERT_FILE", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"]
        let value = Environment.GetEnvironmentVariable(name)
        where value is not null
        select $"{name}={value}";

    private static void FillRuntime(string folder)
    {
        using Process ldd = Process.Start(new ProcessStartInfo("ldd", [Installed.Require("dotnet")]) { RedirectStandardOutput = true })!;
        foreach (string library in Library().Matches(ldd.StandardOutput.ReadToEnd()).Select(match => match.Value))
        {
            string path = library.StartsWith("/usr", StringComparison.Ordinal) ? library : "/usr" + library;
            string copy = folder + path;
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(library, copy);
        }

        Write(folder, "etc/passwd", "root:x:0:0::/root:/sbin/nologin\napp:x:1654:1654::/home/app:/sbin/nologin\n");
        Write(folder, "etc/group", "root:x:0:\napp:x:1654:\n");
        Directory.CreateDirectory(Path.Combine(folder, "usr/bin"));
    }

    private static void Write(string folder, string name, string text, UnixFileMode mode = (UnixFileMode)0b110_100_100)
    {
        string path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, mode);
    }

    [GeneratedRegex(@"/\S+\.so\S*")]
    private static partial Regex Library();
}
