namespace Sluice.Deploy.Tests.Images;

/// <summary>How a container runs. What is not said here is as in deploy/kubernetes: nothing may be written, and no new privileges.</summary>
/// <param name="Configuration">What is mounted as /etc/sluice/sluice.yaml.</param>
internal sealed record ContainerOptions(string Configuration)
{
    /// <summary>User and group.</summary>
    public int User { get; init; } = 1654;

    /// <summary>Capabilities without the prefix, as Kubernetes has them: bounding, permitted and in effect, but not ambient.</summary>
    public string[] Capabilities { get; init; } = [];

    /// <summary>A profile below deploy/seccomp; null: no filter.</summary>
    public string? Seccomp { get; init; }
}
