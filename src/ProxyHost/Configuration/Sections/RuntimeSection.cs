using Sluice.ProxyHost.Configuration.Types;

namespace Sluice.ProxyHost.Configuration.Sections;

/// <summary>The table of <c>runtime</c>.</summary>
internal static class RuntimeSection
{
    private const int MostReactors = 256;
    private const long MiB = 1 << 20;

    private static readonly ChoiceType<TransportKind> Transports =
        new(new("reactor", TransportKind.Reactor), new("sockets", TransportKind.Sockets));

    private static readonly ChoiceType<SpliceMode> Splices =
        new(new("auto", SpliceMode.Auto), new("off", SpliceMode.Off));

    private static readonly Key<RuntimeConfig, int> Reactors =
        new("reactors", new AutoType<int>(new IntegerType(1, MostReactors), Cores, "the cores this process may use"), r => r.Reactors)
        {
            Summary = "Threads that carry connections. A connection lives on one of them from beginning to end.",
            Example = "2",
            Default = Cores(),
            DefaultWord = AutoType<int>.Word,
        };

    private static readonly Key<RuntimeConfig, TransportKind> Transport =
        new("transport", Transports, r => r.Transport)
        {
            Summary = "What carries connections: `reactor` is Sluice's own epoll transport for Linux, `sockets` is Kestrel's stock " +
                "one, which runs anywhere and is slower.",
            Example = "sockets",
            Default = TransportKind.Reactor,
        };

    private static readonly Key<RuntimeConfig, OffloadMode> Offload =
        new("offload", OffloadModes.Type, r => r.Offload)
        {
            Summary = "Whether the kernel may carry connections by itself: `sockmap` in its sockmap where `sluice doctor` trusts this kernel, `auto` only " +
                "where that costs no more CPU than copying as well, `bypass` what applications on this host send, past the proxy, `off` never.",
            Example = "off",
            Default = OffloadMode.Auto,
            IsReloadable = true,
        };

    private static readonly Key<RuntimeConfig, long> OffloadMemory =
        new("offload_memory", new ByteSizeType(MiB, 1024 * 1024 * MiB), r => r.OffloadMemory)
        {
            Summary = "Kernel memory that all connections together may have on the way in the kernel's sockmap. When it is used up, further " +
                "ones stay in user space.",
            Example = "1GiB",
            Default = RuntimeConfig.DefaultOffloadMemory,
        };

    private static readonly Key<RuntimeConfig, bool> IngressBypass =
        new("ingress_bypass", new BooleanType(), r => r.IngressBypass)
        {
            Summary = "Whether what bypassed connections with both ends on this host carry goes straight into the receiver's own queue, past TCP. For experts: " +
                "applications see differences, which `docs/semantics.md` lists.",
            Example = "true",
            Default = false,
        };

    private static readonly Key<RuntimeConfig, SpliceMode> Splice =
        new("splice", Splices, r => r.Splice)
        {
            Summary = "Whether long streams may go through splice(2) instead of being copied: `auto` where it pays, `off` never.",
            Example = "off",
            Default = SpliceMode.Auto,
        };

    private static readonly Key<RuntimeConfig, long> BufferMemory =
        new("buffer_memory", new ByteSizeType(MiB, 1024 * 1024 * MiB), r => r.BufferMemory)
        {
            Summary = "Memory that all connections together may hold for readers slower than their senders. When it is used up, " +
                "senders wait.",
            Example = "256MiB",
            Default = 64 * MiB,
        };

    private static readonly Key<RuntimeConfig, TimeSpan> DrainTimeout =
        new("drain_timeout", Durations.UpToADay, r => r.DrainTimeout)
        {
            Summary = "How long connections may go on after SIGTERM before they are closed. Keep it below the time your supervisor " +
                "waits before SIGKILL.",
            Example = "2m",
            Default = TimeSpan.FromSeconds(30),
            IsReloadable = true,
        };

    private static readonly Key<RuntimeConfig, bool> WatchConfig =
        new("watch_config", new BooleanType(), r => r.WatchConfig)
        {
            Summary = "Whether the configuration is taken over whenever its file changes, as it is after SIGHUP. A file with a mistake changes nothing.",
            Example = "true",
            Default = false,
        };

    private static readonly Key<RuntimeConfig, ListenAddress?> UpgradeSocket =
        new("upgrade_socket", new OptionalType<ListenAddress>(new UnixPathType(), null), r => r.UpgradeSocket)
        {
            Summary = "Where a second daemon that is started with the same configuration takes the listening sockets over, so that no port is " +
                "closed and nobody who waits to be accepted is lost. Only for the same user and root.",
            Example = "unix:/run/sluice/upgrade.sock",
            Default = null,
        };

    private static readonly Key<RuntimeConfig, string?> User =
        new("user", new OptionalType<string>(new AccountType(), null), r => r.User)
        {
            Summary = "Whom the process runs as once it has read this file, with a group after a colon or else the user's own. Ports below 1024 and the " +
                "kernel's path go on working; files and unix sockets must be this user's to use. It takes a start as root.",
            Example = "sluice",
            Default = null,
        };

    public static Section<RuntimeConfig> Type { get; } = new(
        [Reactors, Transport, Offload, OffloadMemory, IngressBypass, Splice, BufferMemory, DrainTimeout, WatchConfig, UpgradeSocket, User],
        v => new RuntimeConfig(v.Of(Reactors), v.Of(Transport), v.Of(Offload), v.Of(Splice), v.Of(BufferMemory), v.Of(DrainTimeout))
        {
            OffloadMemory = v.Of(OffloadMemory),
            IngressBypass = v.Of(IngressBypass),
            WatchConfig = v.Of(WatchConfig),
            UpgradeSocket = v.Of(UpgradeSocket),
            User = v.Of(User),
        });

    private static int Cores() => Math.Clamp(Environment.ProcessorCount, 1, MostReactors);
}
