using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Sluice.ProxyHost.Configuration.Types;
using Sluice.ProxyHost.Configuration.Yaml;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Cli.Explain;

/// <summary>The options that give bytes, and say who sends them and in which pieces.</summary>
internal sealed class StreamOptions
{
    private static readonly OctetHexType Hex = new(GivenStream.MostBytes);

    private readonly Option<byte[]?> _bytes = Of("--bytes", "hex", "What happens to these bytes, in hex: \"16 03 01\".", Bytes);
    private readonly Option<byte[]?> _text = Of("--text", "text",
        @"What happens to the bytes of this text, with \r \n \t \0 \xNN \\ \"" in it; empty: to a client that is silent.", Text);
    private readonly Option<string?> _file = new("--file") { Description = "What happens to the bytes of this file.", HelpName = "path" };
    private readonly Option<Direction?> _from = Of("--from", "client|upstream", "Who sends them. Default: client.", From);
    private readonly Option<IPEndPoint?> _source = Of("--source", "address",
        "Who that is: 10.1.2.3, 10.1.2.3:4000 or [::1]:4000. Default: an address that fits.", Source);
    private readonly Option<int[]?> _cut = Of("--cut", "1,3,...", "They arrive in pieces of these sizes; what is left is the last piece.", Cut);

    public void AddTo(Command command)
    {
        Option[] givers = [_bytes, _text, _file];
        Option[] others = [_from, _source, _cut];
        foreach (Option option in givers.Concat(others)) command.Add(option);
        command.Validators.Add(given =>
        {
            string[] bytes = [.. givers.Where(option => given.GetResult(option) is not null).Select(option => option.Name)];
            if (bytes.Length > 1) given.AddError($"{bytes[0]} and {bytes[1]} both give bytes; keep one of them");
            if (bytes.Length == 0 && Array.Find(others, option => given.GetResult(option) is not null) is { } idle)
                given.AddError($"{idle.Name} says something of bytes, and none are given; add --text, --bytes or --file");
        });
    }

    /// <summary>What was given; null when nothing was, or when the file cannot be read, and then why.</summary>
    public GivenStream? Read(ParseResult parsed, out string? unreadable)
    {
        Option<byte[]?> giver = parsed.GetResult(_bytes) is null ? _text : _bytes;
        byte[]? bytes = parsed.GetResult(giver) is null ? null : parsed.GetValue(giver);
        unreadable = null;
        if (parsed.GetValue(_file) is { } path) unreadable = ReadFile(path, out bytes);
        return bytes is null ? null
            : new GivenStream(bytes, parsed.GetValue(_from) ?? Direction.FromClient, parsed.GetValue(_source), parsed.GetValue(_cut) ?? []);
    }

    private static string? ReadFile(string path, out byte[]? bytes)
    {
        bytes = null;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            byte[] all = new byte[GivenStream.MostBytes + 1];
            int read = file.ReadAtLeast(all, all.Length, throwOnEndOfStream: false);
            if (read > GivenStream.MostBytes) return $"{path}: it is longer than {Amounts.Size(GivenStream.MostBytes)}; give the part that matters";
            bytes = all[..read];
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return $"{path}: the file cannot be read: {e.Message}";
        }
    }

    private static Option<T> Of<T>(string name, string help, string description, Func<string, Parsed<T>> parse)
    {
        return new Option<T>(name)
        {
            Description = description,
            HelpName = help,
            CustomParser = given =>
            {
                Parsed<T> parsed = parse(given.Tokens.Count == 0 ? "" : given.Tokens[0].Value);
                if (parsed.Problem is { } problem) given.AddError($"{name}: {problem.Message}; {problem.Suggestion}");
                return parsed.Value;
            },
        };
    }

    private static Parsed<byte[]?> Text(string text)
    {
        Parsed<byte[]> parsed = EscapedText.Parse(text);
        if (parsed.Problem is { } problem) return problem;
        return parsed.Value!.Length > GivenStream.MostBytes
            ? new Problem($"these are {parsed.Value.Length} bytes", $"at most {GivenStream.MostBytes} are allowed")
            : parsed.Value;
    }

    private static Parsed<byte[]?> Bytes(string text)
    {
        Parsed<ImmutableArray<byte>> parsed = Hex.Parse(text);
        return parsed.Problem is { } problem ? problem : parsed.Value.ToArray();
    }

    private static Parsed<Direction?> From(string text) => text switch
    {
        "client" => Direction.FromClient,
        "upstream" => Direction.FromUpstream,
        _ => new Problem($"expected `client` or `upstream`, found `{Quote.Text(text)}`", "write --from client"),
    };

    private static Parsed<IPEndPoint?> Source(string text) =>
        IPEndPoint.TryParse(text, out IPEndPoint? source)
        && (source.AddressFamily == AddressFamily.InterNetworkV6 || text.Split(':')[0] == $"{source.Address}")
            ? source
            : new Problem($"`{Quote.Text(text)}` is not an IP address", "write 10.1.2.3, 10.1.2.3:4000 or [::1]:4000");

    private static Parsed<int[]?> Cut(string text)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        int[] sizes = [.. parts.Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int size) ? size : 0)];
        return sizes.All(size => size > 0) ? sizes : new Problem($"`{Quote.Text(text)}` is not a list of sizes", "write numbers from 1 on: 1,3,10");
    }
}
