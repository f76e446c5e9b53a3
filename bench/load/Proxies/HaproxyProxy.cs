namespace Sluice.Load.Proxies;

/// <summary>HAProxy in TCP mode on one thread; optionally with splice(2), or with a larger buffer than its 16 KiB.</summary>
internal sealed class HaproxyProxy(string name, string directory, ServicePorts servers, ServicePorts ports, bool splice = false, int? bufferSize = null)
    : ConfiguredProxy(name, "haproxy", directory, servers, ports)
{
    public override string? Version => ProgramVersion.Of("haproxy", "-v");

    protected override string Extension => "cfg";

    // 9,500 connections are 19,000 descriptors, just under the 20,000 that some systems allow a process; pipes need more.
    protected override string Configuration => $"""
        global
          nbthread 1
          maxconn {(splice ? 1000 : 9500)}
        {(bufferSize is int size ? $"  tune.bufsize {size}" : "")}
        defaults
          mode tcp
          timeout connect 5s
          timeout client 1h
          timeout server 1h
        {(splice ? "  option splice-auto" : "")}
        {EachService("""
            listen {name}
              bind 127.0.0.1:{own}
              server {name} 127.0.0.1:{server}
            """)}

        """;

    protected override IEnumerable<string> Arguments(string configurationPath) => ["-db", "-f", configurationPath];
}
