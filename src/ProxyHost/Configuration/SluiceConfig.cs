using System.Collections.Immutable;
using System.Net;
using Sluice.ProxyHost.Configuration.Yaml;
using Sluice.Redirect.Rules;

namespace Sluice.ProxyHost.Configuration;

/// <summary>A whole valid configuration: immutable, every default filled in, every reference resolved by name.</summary>
public sealed record SluiceConfig(
    AdminConfig Admin,
    RuntimeConfig Runtime,
    LogConfig Log,
    ImmutableArray<ListenerConfig> Listeners,
    ImmutableArray<ClusterConfig> Clusters)
{
    /// <summary>Verdict programs, which listeners name. Default: none.</summary>
    public ImmutableArray<RuleSet> Programs { get; init; } = [];

    /// <summary>The text it was read from; null where it was made in memory.</summary>
    public SourceText? Source { get; init; }
}

/// <summary>The admin endpoint.</summary>
/// <param name="Listen">An <see cref="IPEndPoint"/> or unix socket. Default 127.0.0.1:9901.</param>
public sealed record AdminConfig(ListenAddress Listen)
{
    /// <summary>The file whose first line permits changes over the admin endpoint; null: only the permissions of a unix socket do.</summary>
    public string? TokenFile { get; init; }

    /// <summary>Where the same pages are served for reading only; null: nowhere. Default null.</summary>
    public ListenAddress? ReadOnlyListen { get; init; }

    /// <summary>Whether <see cref="Listen"/> may be beyond the loopback without a token. Default false.</summary>
    public bool AllowBeyondLoopback { get; init; }

    /// <summary>What is kept of connections that did not end in the ordinary way.</summary>
    public RecorderConfig Recorder { get; init; } = RecorderConfig.Default;
}

/// <summary>What concerns the process as a whole.</summary>
/// <param name="Reactors">Number of reactor threads, 1 to 256; default: the cores this process may use.</param>
/// <param name="Transport">Which Kestrel transport carries connections. Default reactor.</param>
/// <param name="Offload">Which kernel paths may be used. Default auto.</param>
/// <param name="Splice">Whether long streams may go through splice(2). Default auto.</param>
/// <param name="BufferMemory">Bytes that all connections together may hold for slow readers. Default 64 MiB.</param>
/// <param name="DrainTimeout">How long connections may go on after SIGTERM. Default 30 s.</param>
public sealed record RuntimeConfig(
    int Reactors,
    TransportKind Transport,
    OffloadMode Offload,
    SpliceMode Splice,
    long BufferMemory,
    TimeSpan DrainTimeout)
{
    /// <summary>What <see cref="OffloadMemory"/> is where nothing is said.</summary>
    public const long DefaultOffloadMemory = 256L << 20;

    /// <summary>Bytes that all connections together may have on the way in the kernel's sockmap. Default 256 MiB.</summary>
    public long OffloadMemory { get; init; } = DefaultOffloadMemory;

    /// <summary>
    /// Whether what goes past the proxy between two applications on this host goes into the receiver's own queue. Default false.
    /// </summary>
    public bool IngressBypass { get; init; }

    /// <summary>Whether the configuration is read again when its file changes. Default false.</summary>
    public bool WatchConfig { get; init; }

    /// <summary>Where a successor gets the listening sockets; null: there is none without closed ports.</summary>
    public ListenAddress? UpgradeSocket { get; init; }

    /// <summary>Whom the process runs as once it has read its configuration; null: who started it. Default null.</summary>
    public string? User { get; init; }
}

/// <summary>Log and access log.</summary>
/// <param name="Level">The least severe messages of the log. Default information.</param>
/// <param name="Format">How lines look. Default text.</param>
/// <param name="Access">Whether there is an access log. Default true.</param>
public sealed record LogConfig(LogLevel Level, LogFormat Format, bool Access)
{
    /// <summary>How the access log is written, where there is one.</summary>
    public AccessLogConfig AccessLog { get; init; } = AccessLogConfig.Default;
}

/// <summary>One listener: where it listens and which cluster it proxies to.</summary>
/// <param name="Name">Unique among listeners.</param>
/// <param name="Listen">One or more addresses.</param>
/// <param name="Cluster">The name of a cluster of this configuration, for connections that no route takes elsewhere.</param>
/// <param name="MaxConnections">Connections at a time; more are refused with RST. Default 10,000.</param>
/// <param name="IdleTimeout">Default 1 h.</param>
/// <param name="HalfClosedIdleTimeout">Default 5 min.</param>
/// <param name="MaxDuration">Default 7 d.</param>
public sealed record ListenerConfig(
    string Name,
    ImmutableArray<ListenAddress> Listen,
    string Cluster,
    int MaxConnections,
    TimeSpan IdleTimeout,
    TimeSpan HalfClosedIdleTimeout,
    TimeSpan MaxDuration)
{
    /// <summary>The verdict programs that judge its connections' bytes. Default: none.</summary>
    public ProgramNames Programs { get; init; } = ProgramNames.None;

    /// <summary>The first that holds chooses the cluster; <see cref="Cluster"/> where none does. Default: none.</summary>
    public ImmutableArray<RouteConfig> Routes { get; init; } = [];

    /// <summary>How much of a connection's beginning the routes may look at.</summary>
    public InspectConfig Inspect { get; init; } = InspectConfig.Default;

    /// <summary>
    /// Which kernel paths its connections may take, unless their cluster says it; null: what <see cref="RuntimeConfig.Offload"/> says.
    /// </summary>
    public OffloadMode? Offload { get; init; }

    /// <summary>What it expects of PROXY headers; null: none, and bytes that look like one are data.</summary>
    public ProxyProtocolConfig? ProxyProtocol { get; init; }

    /// <summary>Who may connect; null: anybody.</summary>
    public AccessConfig? Access { get; init; }

    /// <summary>How many may connect in a time; null: any number.</summary>
    public RateConfig? Rate { get; init; }

    /// <summary>What each source may do; null: anything.</summary>
    public PerSourceConfig? PerSource { get; init; }

    /// <summary>How fast the bytes of each of its connections may come; null: as fast as they do.</summary>
    public BandwidthConfig? Bandwidth { get; init; }

    /// <summary>Whether it takes connections to addresses that are not this host's. Default false.</summary>
    public bool Transparent { get; init; }
}

/// <summary>A group of endpoints that serve the same thing.</summary>
/// <param name="Name">Unique among clusters.</param>
/// <param name="Balance">How an endpoint is picked. Default round robin.</param>
/// <param name="Endpoints">At least one.</param>
/// <param name="MaxConnections">Connections to all endpoints together; more are refused. Default 10,000.</param>
/// <param name="ConnectTimeout">For one attempt. Default 5 s.</param>
/// <param name="ConnectAttempts">Attempts in all, each on the next endpoint, 1 to 100. Default 3.</param>
public sealed record ClusterConfig(
    string Name,
    BalanceKind Balance,
    ImmutableArray<EndpointConfig> Endpoints,
    int MaxConnections,
    TimeSpan ConnectTimeout,
    int ConnectAttempts)
{
    /// <summary>Where connections wait while every endpoint is full; null: they are refused. Default null.</summary>
    public QueueConfig? Queue { get; init; }

    /// <summary>How long an endpoint that became healthy takes to get its whole weight; zero: none. Default zero.</summary>
    public TimeSpan SlowStart { get; init; }

    /// <summary>How endpoints are probed; null: they are not. Default null.</summary>
    public HealthCheckConfig? HealthCheck { get; init; }

    /// <summary>When connections that fail take an endpoint out; null: never. Default null.</summary>
    public OutlierDetectionConfig? OutlierDetection { get; init; }

    /// <summary>A priority is used while at least this share of its endpoints is healthy, 0 to 100 percent. Default 0: one is enough.</summary>
    public int PanicThreshold { get; init; }

    /// <summary>Whether connections to an endpoint end with RST when it becomes unhealthy. Default false.</summary>
    public bool CloseConnectionsOnUnhealthy { get; init; }

    /// <summary>How its host names become endpoints; null: each is one, resolved when it is dialled. Default null.</summary>
    public DiscoveryConfig? Discovery { get; init; }

    /// <summary>The PROXY header that its servers get first; null: none.</summary>
    public SendProxyProtocolConfig? SendProxyProtocol { get; init; }

    /// <summary>Which kernel paths connections to it may take; null: what the listener or else <see cref="RuntimeConfig.Offload"/> says.</summary>
    public OffloadMode? Offload { get; init; }

    /// <summary>Which address its servers see connections come from. Default this host's.</summary>
    public SourceKind Source { get; init; }
}

/// <summary>One address of a cluster as it was written.</summary>
/// <param name="Text">As written, for logs and metrics: 127.0.0.1:6379, [::1]:80, db.example:5432, unix:/run/x.sock, builtin:echo.</param>
/// <param name="Kind">What the text names.</param>
/// <param name="Host">The host name for <see cref="EndpointKind.HostName"/>, the path for unix, the service for builtin.</param>
/// <param name="Port">The port for <see cref="EndpointKind.HostName"/>, 0 for the name of a service; otherwise 0.</param>
/// <param name="Address">The address where it is known without a look-up; null for host names and builtins.</param>
public sealed record EndpointConfig(string Text, EndpointKind Kind, string Host, int Port, EndPoint? Address)
{
    /// <summary>The most that <see cref="Weight"/> may be.</summary>
    public const int MostWeight = 256;

    /// <summary>The most that <see cref="Priority"/> may be.</summary>
    public const int LastPriority = 127;

    /// <summary>Its share of new connections relative to the others of its priority, 1 to <see cref="MostWeight"/>. Default 1.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>Connections go to the lowest number that has healthy endpoints, 0 to <see cref="LastPriority"/>. Default 0.</summary>
    public int Priority { get; init; }

    /// <summary>Connections being dialled or open at a time; 0: as many as the cluster may have. Default 0.</summary>
    public int MaxConnections { get; init; }
}

/// <summary>An address to listen on as it was written, with its endpoint.</summary>
public sealed record ListenAddress(string Text, EndPoint EndPoint);

/// <summary>What an endpoint's text names.</summary>
public enum EndpointKind
{
    /// <summary>ip:port.</summary>
    Ip,
    /// <summary>unix:/path or unix:@abstract.</summary>
    Unix,
    /// <summary>name:port, resolved when it is dialled.</summary>
    HostName,
    /// <summary>A service embedded in the daemon: builtin:echo, builtin:discard.</summary>
    Builtin,
    /// <summary>original_destination: what the connection was made to before it was led here.</summary>
    OriginalDestination,
}

/// <summary>How a cluster picks an endpoint.</summary>
public enum BalanceKind
{
    /// <summary>Each in turn.</summary>
    RoundRobin,
    /// <summary>The one with the fewest open connections.</summary>
    LeastConnections,
    /// <summary>The one with fewer open connections of two picked at random.</summary>
    RandomTwoChoices,
    /// <summary>The same for the same source address, by consistent hashing.</summary>
    Maglev,
}

/// <summary>Which Kestrel transport carries proxied connections.</summary>
public enum TransportKind
{
    /// <summary>Our epoll reactors (Linux).</summary>
    Reactor,
    /// <summary>Kestrel's stock socket transport, on any system.</summary>
    Sockets,
}

/// <summary>Which kernel paths may be used.</summary>
public enum OffloadMode
{
    /// <summary>The kernel's sockmap where the kernel has proven itself and costs no more CPU than copying.</summary>
    Auto,
    /// <summary>User space only.</summary>
    Off,
    /// <summary>The kernel's sockmap where the kernel has proven itself.</summary>
    Sockmap,
    /// <summary>What applications on this host send goes past the proxy where the kernel has proven itself.</summary>
    Bypass,
}

/// <summary>Whether long streams may go through splice(2).</summary>
public enum SpliceMode
{
    /// <summary>Where it is measured to pay.</summary>
    Auto,
    /// <summary>Never.</summary>
    Off,
}

/// <summary>How log lines look.</summary>
public enum LogFormat
{
    /// <summary>One readable line.</summary>
    Text,
    /// <summary>One JSON object a line.</summary>
    Json,
}
