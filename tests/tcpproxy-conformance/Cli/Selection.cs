using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using TcpProxyConformance.Cases;
using TcpProxyConformance.Play;
using TcpProxyConformance.Runs;

namespace TcpProxyConformance.Cli;

/// <summary>What the options mean together.</summary>
internal static class Selection
{
    /// <summary>The cases meant, in the order of the list; without a pattern all.</summary>
    public static IReadOnlyList<Case> Cases(IReadOnlyList<string> patterns)
    {
        RequireMeaning(patterns);
        return patterns.Count == 0 ? CaseList.All : [.. CaseList.All.Where(one => patterns.Any(one.IsMeant))];
    }

    public static async Task<RunOptions> OptionsAsync(ParseResult parsed, IReadOnlyList<Case> cases, CancellationToken stop)
    {
        EndPoint? through = await ResolveAsync(parsed.GetValue(Options.Through), stop);
        bool direct = parsed.GetValue(Options.Direct);
        int port = parsed.GetValue(Options.UpstreamPort);
        if (through is null == !direct || (through is not null && port == 0))
            throw new CommandException(ExitCode.Usage, "Name the proxy with --through host:port and the port that it forwards to with --upstream-port, or play without one with --direct.");
        if (!OperatingSystem.IsLinux())
            throw new CommandException(ExitCode.Unavailable, "FIN and RST are told apart by what Linux says of a socket: run this on Linux. The proxy may be elsewhere.");
        return new RunOptions
        {
            Name = parsed.GetValue(Options.Name) ?? through?.ToString() ?? "direct",
            Through = through,
            Upstream = new IPEndPoint(parsed.GetValue(Options.UpstreamHost) ?? Host(through), port),
            Cases = cases,
            Seed = parsed.GetValue(Options.Seed),
            Known = Known(parsed),
            Bounds = new Bounds
            {
                Timeout = TimeSpan.FromSeconds(parsed.GetValue(Options.Timeout)),
                Idle = TimeSpan.FromSeconds(parsed.GetValue(Options.Idle)),
                MaxBuffered = (long)parsed.GetValue(Options.MaxBuffered) << 20,
            },
        };
    }

    private static KnownFailures Known(ParseResult parsed)
    {
        List<string> patterns = [.. parsed.GetValue(Options.Known)!];
        if (parsed.GetValue(Options.Expect) is { } file)
        {
            try
            {
                patterns.AddRange(KnownFailures.Read(File.ReadAllLines(file.FullName)));
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                throw new CommandException(ExitCode.NoInput, $"--expect {file}: {unreadable.Message}");
            }
        }

        RequireMeaning(patterns);
        return new KnownFailures(patterns);
    }

    // A misspelt name would choose nothing, or excuse nothing, in silence.
    private static void RequireMeaning(IEnumerable<string> patterns)
    {
        string[] wrong = [.. patterns.Where(pattern => !CaseList.All.Any(one => one.IsMeant(pattern)))];
        if (wrong.Length > 0)
            throw new CommandException(ExitCode.Usage, string.Join('\n', wrong.Select(pattern => $"There is no case {pattern}; did you mean {CaseList.Nearest(pattern)}? --list has all.")));
    }

    private static async Task<EndPoint?> ResolveAsync(EndPoint? through, CancellationToken stop)
    {
        if (through is not DnsEndPoint name)
            return through;
        try
        {
            return new IPEndPoint((await Dns.GetHostAddressesAsync(name.Host, stop))[0], name.Port);
        }
        catch (SocketException error)
        {
            throw new CommandException(ExitCode.Unavailable, $"--through {name.Host}: the name has no address ({error.SocketErrorCode}).");
        }
    }

    private static IPAddress Host(EndPoint? through) => through switch
    {
        IPEndPoint { AddressFamily: AddressFamily.InterNetworkV6 } six => IPAddress.IsLoopback(six.Address) ? IPAddress.IPv6Loopback : IPAddress.IPv6Any,
        IPEndPoint four when !IPAddress.IsLoopback(four.Address) => IPAddress.Any,
        _ => IPAddress.Loopback,
    };
}
