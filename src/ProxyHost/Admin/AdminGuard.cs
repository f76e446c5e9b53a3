using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Model;

namespace Sluice.ProxyHost.Admin;

/// <summary>
/// Decides who may change something over the admin endpoint: who has the token, or, where none is configured, who may open the
/// unix socket. Nobody may over TCP without a token: every process of the host reaches the loopback, and every browser.
/// </summary>
internal sealed class AdminGuard(ProxyModel model)
{
    private const string Scheme = "Bearer ";

    /// <summary>Why this request may not change anything, in words; null when it may.</summary>
    public string? Obstacle(HttpRequest request)
    {
        AdminConfig config = model.Config.Admin;
        if (config.TokenFile is not { } path)
        {
            return config.Listen.EndPoint is UnixDomainSocketEndPoint unix && unix.ToString().StartsWith('/')
                ? null
                : "changes need a token: configure admin.token_file and send it as `Authorization: Bearer`, or let admin.listen be a unix:/path";
        }

        string given = request.Headers.Authorization.ToString();
        if (!given.StartsWith(Scheme, StringComparison.Ordinal))
            return "this needs the token of admin.token_file, as `Authorization: Bearer`";
        if (Read(path) is not { } token)
            return $"admin.token_file {path} cannot be read or is empty, so nobody is let in";
        return IsSame(given[Scheme.Length..], token) ? null : "the token is not the one of admin.token_file";
    }

    // Of hashes, which are of one length: how long it takes tells nothing of the token.
    private static bool IsSame(string given, string token) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private static string? Read(string path)
    {
        try
        {
            return File.ReadLines(path).FirstOrDefault()?.Trim() is { Length: > 0 } token ? token : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
