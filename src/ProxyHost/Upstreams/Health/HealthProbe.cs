using System.Net;
using System.Net.Sockets;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Model;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Upstreams.Health;

/// <summary>
/// Probes endpoints as a cluster's configuration says, over sockets of its own on the thread pool: no reactor has anything to do
/// with it, and no such socket is ever spliced. Safe from any thread.
/// </summary>
/// <param name="config">What to ask and for how long.</param>
/// <param name="header">The PROXY header that servers get first, of a connection without a client (LOCAL); empty where they get none.</param>
/// <param name="clock">Measures the time.</param>
internal sealed class HealthProbe(HealthCheckConfig config, ReadOnlyMemory<byte> header, TimeProvider clock)
{
    private const int MostAnswer = 4096;

    /// <summary>One probe. Everything that may be the matter with an endpoint is a value; only being stopped throws.</summary>
    public async Task<ProbeResult> RunAsync(EndpointState endpoint, CancellationToken stop)
    {
        long began = clock.GetTimestamp();
        NameResolution resolution = await endpoint.AddressesAsync(config.Timeout, scope: null);
        var result = new ProbeResult(ProbeResult.NameResolution, resolution.Trouble ?? "no address", Errno.None);
        for (int i = 0; i < resolution.Addresses.Length; i++)
        {
            // As a connection would: one address of a name that works is enough, and each has a fair share of the time.
            TimeSpan left = config.Timeout - clock.GetElapsedTime(began);
            if (left < TimeSpan.FromMilliseconds(1))
                break;
            result = await RunAsync(endpoint.Config, resolution.Addresses[i], left / (resolution.Addresses.Length - i), stop);
            if (result.IsGood)
                break;
        }

        return result;
    }

    private async Task<ProbeResult> RunAsync(EndpointConfig endpoint, EndPoint address, TimeSpan timeout, CancellationToken stop)
    {
        using var late = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        string during = "connect";
        try
        {
            using Socket socket = address is UnixDomainSocketEndPoint
                ? new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
                : new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(address, either.Token);
            await SendAsync(socket, header, either.Token);
            if (config.Type == HealthCheckType.Connect)
                return ProbeResult.Good;

            during = "waiting for the answer";
            bool isTls = config.Type == HealthCheckType.Tls;
            await SendAsync(socket, isTls ? ClientHello.For(endpoint.Kind is EndpointKind.HostName or EndpointKind.Ip && endpoint.Host.Length > 0 ? endpoint.Host : null) : config.Send.AsMemory(), either.Token);
            return await HearAsync(socket, isTls ? HearsTls : HearsExpected, either.Token, stop);
        }
        catch (SocketException failure)
        {
            return ProbeResult.Of(failure.ToErrno(address), during);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return ProbeResult.Of(Errno.ETIMEDOUT, during);
        }
    }

    private static async ValueTask SendAsync(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken either)
    {
        while (bytes.Length > 0)
            bytes = bytes[await socket.SendAsync(bytes, either)..];
    }

    // What has come is enough for yes or no, or for neither yet.
    private delegate bool? Judge(ReadOnlySpan<byte> answer);

    private static async Task<ProbeResult> HearAsync(Socket socket, Judge judge, CancellationToken either, CancellationToken stop)
    {
        byte[] answer = new byte[MostAnswer];
        int have = 0;
        try
        {
            while (have < answer.Length)
            {
                int read = await socket.ReceiveAsync(answer.AsMemory(have), either);
                if (read == 0 && have == 0)
                    return new(ProbeResult.Closed, "it closed without an answer", Errno.None);
                if (read == 0)
                    break;
                have += read;
                if (judge(answer.AsSpan(0, have)) is { } isGood)
                    return isGood ? ProbeResult.Good : Unexpected(answer.AsSpan(0, have));
            }
        }
        catch (OperationCanceledException) when (have > 0 && !stop.IsCancellationRequested)
        {
            // What was expected might still have come; what has come says more than that it is late.
        }

        return Unexpected(answer.AsSpan(0, have));
    }

    private bool? HearsExpected(ReadOnlySpan<byte> answer) => answer.IndexOf(config.Expect.AsSpan()) >= 0 ? true : null;

    private static bool? HearsTls(ReadOnlySpan<byte> answer) => ClientHello.IsAnswered(answer);

    private static ProbeResult Unexpected(ReadOnlySpan<byte> answer) =>
        new(ProbeResult.UnexpectedAnswer, $"it answered `{Printable(answer)}`", Errno.None);

    private static string Printable(ReadOnlySpan<byte> answer)
    {
        const int Most = 40;
        ReadOnlySpan<byte> shown = answer[..Math.Min(answer.Length, Most)];
        string text = string.Concat(shown.ToArray().Select(octet => octet is >= 0x20 and < 0x7f ? $"{(char)octet}" : octet switch
        {
            (byte)'\r' => "\\r",
            (byte)'\n' => "\\n",
            _ => $"\\x{octet:x2}",
        }));
        return answer.Length > Most ? text + "…" : text;
    }
}
