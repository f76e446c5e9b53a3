using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Deploy.Tests.Images;

/// <summary>An OCI bundle: what runc is told of a container. Its network is the machine's, so that tests reach it.</summary>
internal static class Bundle
{
    /// <summary>Writes one for an image.</summary>
    public static void Write(string folder, string root, ContainerOptions options, params string[] arguments)
    {
        // A folder, as a ConfigMap is: a change of one mounted file would go unnoticed.
        string configuration = Directory.CreateDirectory(Path.Combine(folder, "etc")).FullName;
        File.WriteAllText(Path.Combine(configuration, "sluice.yaml"), options.Configuration);
        JsonArray names = [.. options.Capabilities.Select(name => (JsonNode)$"CAP_{name}")];
        var capabilities = new JsonObject { ["bounding"] = names, ["effective"] = names.DeepClone(), ["permitted"] = names.DeepClone() };
        var bundle = new JsonObject
        {
            ["ociVersion"] = "1.0.2",
            ["process"] = new JsonObject
            {
                ["user"] = new JsonObject { ["uid"] = options.User, ["gid"] = options.User },
                ["args"] = new JsonArray([.. arguments.Select(word => (JsonNode)word)]),
                ["env"] = new JsonArray("PATH=/usr/bin"),
                ["cwd"] = "/",
                ["capabilities"] = capabilities,
                ["noNewPrivileges"] = true,
            },
            ["root"] = new JsonObject { ["path"] = root, ["readonly"] = true },
            ["mounts"] = new JsonArray(
            [
                Mount("proc", "proc", "/proc"), Mount("tmpfs", "tmpfs", "/dev", "nosuid", "mode=755"), Mount("/sys", "none", "/sys", "rbind", "ro"),
                Mount("tmpfs", "tmpfs", "/run", "nosuid", "mode=755", "uid=1654", "gid=1654"), Mount(configuration, "none", "/etc/sluice", "bind", "ro"),
                // As every runtime does.
                Mount("/etc/hosts", "none", "/etc/hosts", "bind", "ro"), Mount("/etc/resolv.conf", "none", "/etc/resolv.conf", "bind", "ro"),
            ]),
            ["linux"] = new JsonObject
            {
                ["namespaces"] = new JsonArray([.. new[] { "pid", "ipc", "uts", "mount" }.Select(kind => (JsonNode)new JsonObject { ["type"] = kind })]),
                ["seccomp"] = options.Seccomp is { } profile ? JsonNode.Parse(Repository.Read($"deploy/seccomp/{profile}")) : null,
            },
        };
        if (options.Seccomp is null)
            bundle["linux"]!.AsObject().Remove("seccomp");
        File.WriteAllText(Path.Combine(folder, "config.json"), JsonSerializer.Serialize(bundle));
    }

    private static JsonObject Mount(string source, string type, string destination, params string[] options) => new()
    {
        ["destination"] = destination, ["type"] = type, ["source"] = source, ["options"] = new JsonArray([.. options.Select(option => (JsonNode)option)]),
    };
}
