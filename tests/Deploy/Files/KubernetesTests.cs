using System.Net;
using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Hosting;
using YamlDotNet.RepresentationModel;

namespace Sluice.Deploy.Tests.Files;

/// <summary>What deploy/kubernetes comes to, held against Kubernetes' own types and against the daemon.</summary>
public class KubernetesTests
{
    private const string Folder = "deploy/kubernetes";
    private static readonly TimeSpan LastPush = TimeSpan.FromSeconds(8); // of metrics, to a collector that does not answer

    public static TheoryData<string> Variants => ["base", "overlays/user-space", "overlays/kernel"];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Every_resource_is_one_of_Kubernetes_without_a_key_that_it_does_not_know(string variant)
    {
        var built = Kustomization.Build($"{Folder}/{variant}");
        foreach (YamlMappingNode resource in built.Resources.Where(resource => resource.Text("kind") != "PodMonitor"))
            Assert.NotNull(Assert.Single(KubernetesYaml.LoadAllFromString(Written(resource), strict: true)));
        Assert.Throws<YamlDotNet.Core.YamlException>(() => KubernetesYaml.LoadAllFromString("apiVersion: v1\nkind: Service\nspec: { prots: [] }", strict: true));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void The_proxy_is_a_native_sidecar_of_the_image_that_is_built_and_runs_what_is_mounted(string variant)
    {
        (V1PodSpec pod, V1Container sidecar, SluiceConfig config) = Sidecar(variant);
        Assert.Equal("Always", sidecar.RestartPolicy);
        Assert.Equal("sluice:0.1.0", sidecar.Image);
        V1VolumeMount mount = Assert.Single(sidecar.VolumeMounts);
        Assert.Equal(["run", $"{mount.MountPath}/sluice.yaml"], sidecar.Args);
        Assert.Equal("sluice", Assert.Single(pod.Volumes, volume => volume.Name == mount.Name).ConfigMap.Name);
        Assert.NotEmpty(config.Listeners);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Ports_services_and_probes_are_those_that_the_daemon_answers_at(string variant)
    {
        (V1PodSpec _, V1Container sidecar, SluiceConfig config) = Sidecar(variant);
        Dictionary<string, int> ports = sidecar.Ports.ToDictionary(port => port.Name, port => port.ContainerPort);
        IPEndPoint reading = Assert.IsType<IPEndPoint>(config.Admin.ReadOnlyListen!.EndPoint);
        Assert.Equal(ports["metrics"], reading.Port);
        Assert.Equal(
            ports.Values.Order(), config.Listeners.SelectMany(listener => listener.Listen).Select(listen => ((IPEndPoint)listen.EndPoint).Port).Append(reading.Port).Order());
        Assert.True(IPAddress.IsLoopback(((IPEndPoint)config.Admin.Listen.EndPoint).Address));
        Assert.All([sidecar.StartupProbe, sidecar.ReadinessProbe], probe => Assert.Equal(("/readyz", "metrics"), (probe.HttpGet.Path, probe.HttpGet.Port.Value)));
        Assert.Equal(("/healthz", "metrics"), (sidecar.LivenessProbe.HttpGet.Path, sidecar.LivenessProbe.HttpGet.Port.Value));

        var built = Kustomization.Build($"{Folder}/{variant}");
        var service = Assert.IsType<V1Service>(Loaded(built.Only("Service")));
        Assert.All(service.Spec.Ports, port => Assert.Contains(port.TargetPort.Value, ports.Keys));
        Assert.Equal(service.Spec.Selector, Assert.IsType<V1Deployment>(Loaded(built.Only("Deployment"))).Spec.Template.Metadata.Labels);
        foreach (YamlMappingNode monitor in built.Resources.Where(resource => resource.Text("kind") == "PodMonitor"))
        {
            Assert.Equal(("metrics", "/metrics"), (monitor.Text("spec/podMetricsEndpoints/0/port"), monitor.Text("spec/podMetricsEndpoints/0/path")));
            var selected = (YamlMappingNode)monitor.At("spec/selector/matchLabels")!;
            Assert.Equal(service.Spec.Selector, selected.Children.ToDictionary(label => label.Key.ToString(), label => label.Value.ToString()));
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void The_pod_waits_longer_than_a_drain_can_take_and_has_no_preStop(string variant)
    {
        (V1PodSpec pod, V1Container sidecar, SluiceConfig config) = Sidecar(variant);
        Assert.True(TimeSpan.FromSeconds(pod.TerminationGracePeriodSeconds!.Value) > Drain.Longest(config.Runtime.DrainTimeout) + LastPush);
        Assert.Null(sidecar.Lifecycle);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void The_memory_limit_has_room_for_all_that_the_configuration_lets_it_hold(string variant)
    {
        (V1PodSpec _, V1Container sidecar, SluiceConfig config) = Sidecar(variant);
        bool isOffloaded = config.Runtime.Offload != OffloadMode.Off;
        decimal held = config.Runtime.BufferMemory + (isOffloaded ? config.Runtime.OffloadMemory : 0);
        decimal measured = Measured("idle resident memory, MB") + Measured("added by 9,000 idle connections, MB");
        Assert.True(sidecar.Resources.Limits["memory"].ToDecimal() > held + (measured * 1_000_000));
        Assert.True(sidecar.Resources.Requests["memory"].ToDecimal() > measured * 1_000_000);
        Assert.False(sidecar.Resources.Limits.ContainsKey("cpu"));
    }

    [Theory]
    [InlineData("base", null, "RuntimeDefault", null)]
    [InlineData("overlays/user-space", null, "Localhost", "profiles/sluice.json")]
    [InlineData("overlays/kernel", "BPF NET_ADMIN PERFMON SETUID SETGID", "Localhost", "profiles/sluice-kernel.json")]
    public void Privileges_are_none_or_those_that_the_container_tests_find_needed(string variant, string? capabilities, string seccomp, string? profile)
    {
        (V1PodSpec pod, V1Container sidecar, SluiceConfig config) = Sidecar(variant);
        V1SecurityContext context = sidecar.SecurityContext;
        Assert.Equal((false, true), (context.AllowPrivilegeEscalation, context.ReadOnlyRootFilesystem));
        Assert.False(pod.AutomountServiceAccountToken);
        Assert.Equal(["ALL"], context.Capabilities.Drop);
        Assert.Equal(capabilities?.Split(' ') ?? [], context.Capabilities.Add ?? []);
        Assert.Equal((seccomp, profile), (context.SeccompProfile.Type, context.SeccompProfile.LocalhostProfile));
        if (profile is not null)
            Assert.True(File.Exists(Path.Combine(Repository.Root, "deploy/seccomp", Path.GetFileName(profile))));
        // Nobody is root once the configuration has been read, and capabilities are there only where something takes them.
        Assert.Equal(context.RunAsUser == 0, config.Runtime.User is not null);
        Assert.Equal(capabilities is not null, config.Runtime.Offload != OffloadMode.Off);
    }

    private static (V1PodSpec Pod, V1Container Sidecar, SluiceConfig Config) Sidecar(string variant)
    {
        var built = Kustomization.Build($"{Folder}/{variant}");
        V1PodSpec pod = Assert.IsType<V1Deployment>(Loaded(built.Only("Deployment"))).Spec.Template.Spec;
        ConfigReadResult read = ConfigReader.Read(built.ConfigMaps["sluice"]["sluice.yaml"], "sluice.yaml", _ => null);
        Assert.Empty(read.Errors);
        Assert.Empty(read.Warnings);
        return (pod, Assert.Single(pod.InitContainers), read.Config!);
    }

    private static object Loaded(YamlNode resource) => Assert.Single(KubernetesYaml.LoadAllFromString(Written(resource), strict: true));

    // The newest figure of a bound, from the table that bench/load prints.
    private static decimal Measured(string bound)
    {
        Match row = Regex.Match(Repository.Read("docs/benchmarks.md"), @$"^\| {bound} *\| +([\d.]+) \|", RegexOptions.Multiline);
        Assert.True(row.Success, $"docs/benchmarks.md has no row with {bound}");
        return decimal.Parse(row.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string Written(YamlNode resource)
    {
        using var text = new StringWriter();
        new YamlStream(new YamlDocument(resource)).Save(text, assignAnchors: false);
        return text.ToString();
    }
}
