using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using TcpProxyConformance.Play;

namespace TcpProxyConformance.Cli;

/// <summary>The options of a run.</summary>
internal static class Options
{
    public static readonly Option<EndPoint?> Through = new("--through")
    {
        Description = "Where the proxy listens",
        HelpName = "host:port",
        CustomParser = Address,
    };

    public static readonly Option<int> UpstreamPort = new("--upstream-port")
    {
        Description = "The port that the proxy forwards to; this tool listens there and is the upstream",
        HelpName = "port",
        Validators = { Between(0, 65_535) },
    };

    public static readonly Option<IPAddress?> UpstreamHost = new("--upstream-host")
    {
        Description = "The address to listen on for the proxy; by default 127.0.0.1 or ::1 when the proxy is there too, else 0.0.0.0 or ::",
        HelpName = "ip",
        CustomParser = result => Parsed<IPAddress?>(result, IPAddress.TryParse(result.Tokens[0].Value, out IPAddress? address), address, "an IP address such as 0.0.0.0"),
    };

    public static readonly Option<bool> Direct = new("--direct") { Description = "Play without a proxy, which tells what this machine allows" };

    public static readonly Option<string[]> Case = new("--case") { Description = "Only these cases: a name, or a pattern with * and ?; may be repeated", HelpName = "name", DefaultValueFactory = _ => [] };

    public static readonly Option<bool> List = new("--list") { Description = "Tell what the cases are, and play none; with --format markdown as a table" };

    public static readonly Option<int> Seed = new("--seed") { Description = "Draw contents and cuts from this number; by default another one each time", DefaultValueFactory = _ => Random.Shared.Next() };

    public static readonly Option<double> Timeout = new("--timeout")
    {
        Description = "A case in which nothing has moved for so long hangs. More than the proxy takes to give up an upstream that refuses",
        HelpName = "seconds",
        DefaultValueFactory = _ => new Bounds().Timeout.TotalSeconds,
        Validators = { Between(0.1, 86_400) },
    };

    public static readonly Option<double> Idle = new("--idle")
    {
        Description = "How long the cases about silence are silent",
        HelpName = "seconds",
        DefaultValueFactory = _ => new Bounds().Idle.TotalSeconds,
        Validators = { Between(0, 86_400) },
    };

    public static readonly Option<int> MaxBuffered = new("--max-buffered")
    {
        Description = "Most that the proxy with its sockets may take for a reader that reads nothing",
        HelpName = "MiB",
        DefaultValueFactory = _ => (int)(new Bounds().MaxBuffered >> 20),
        Validators = { Between(1, 1 << 20) },
    };

    public static readonly Option<Format> Format = new("--format") { Description = "How to report", DefaultValueFactory = _ => Cli.Format.Text };

    public static readonly Option<string[]> Known = new("--known") { Description = "A case, or a pattern, that may fail without failing the run; may be repeated", HelpName = "name", DefaultValueFactory = _ => [] };

    public static readonly Option<FileInfo?> Expect = new("--expect") { Description = "A file of such cases, one a line; # begins a comment", HelpName = "file" };

    public static readonly Option<string?> Name = new("--name") { Description = "What reports call the proxy; by default its address" };

    public static Option[] All => [Through, UpstreamPort, UpstreamHost, Direct, Case, List, Seed, Timeout, Idle, MaxBuffered, Format, Known, Expect, Name];

    private static EndPoint? Address(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        int colon = text.LastIndexOf(':');
        bool isAddress = IPEndPoint.TryParse(text, out IPEndPoint? ip) && ip.Port > 0;
        bool isName = !isAddress && colon > 0 && text.IndexOf(':') == colon && ushort.TryParse(text.AsSpan(colon + 1), out ushort port) && port > 0;
        return Parsed<EndPoint?>(result, isAddress || isName, isAddress ? ip : isName ? (EndPoint)new DnsEndPoint(text[..colon], int.Parse(text.AsSpan(colon + 1))) : null,
            "host:port, such as 127.0.0.1:8080, [::1]:8080 or proxy.example:8080");
    }

    private static T? Parsed<T>(ArgumentResult result, bool isGood, T? value, string wanted)
    {
        if (!isGood)
            result.AddError($"'{result.Tokens[0].Value}' is not {wanted}.");
        return value;
    }

    private static Action<OptionResult> Between(double least, double most) => result =>
    {
        string text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
        if (text.Length > 0 && !(double.TryParse(text, out double value) && value >= least && value <= most))
            result.AddError($"{result.Option.Name}: '{text}' is not a number from {least} to {most}.");
    };
}
