using System.Net;
using System.Net.Sockets;
using DnsClient;
using DnsClient.Protocol;
using Sluice.ProxyHost.Configuration;
using Sluice.ProxyHost.Model.Discovery;

namespace Sluice.ProxyHost.Upstreams.Discovery;

/// <summary>Questions of one look-up, asked of the resolvers that go for it. What goes wrong is a value.</summary>
internal sealed class DnsQuestions
{
    private const int Tries = 2;
    private readonly LookupClient _client;
    private readonly TimeSpan _timeout;
    private readonly CancellationToken _stop;

    public DnsQuestions(IReadOnlyList<IPEndPoint> resolvers, DiscoveryConfig config, CancellationToken stop)
    {
        (_timeout, _stop) = (config.Timeout, stop);
        // Who asks remembers answers for their TTL himself, and tells errors apart himself.
        _client = new LookupClient(new LookupClientOptions([.. resolvers])
        {
            UseCache = false,
            ThrowDnsErrors = false,
            UseRandomNameServer = false,
            Retries = Tries - 1,
            Timeout = config.Timeout / (Tries * resolvers.Count),
        });
    }

    /// <summary>The records of a name, or why there are none.</summary>
    public async Task<DnsAnswer> AskAsync(string host, QueryType type)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(_stop);
        late.CancelAfter(_timeout);
        try
        {
            IDnsQueryResponse response = await _client.QueryAsync(host, type, QueryClass.IN, late.Token).WaitAsync(late.Token);
            LookupFailure failure = FailureOf((DnsResponseCode)response.Header.ResponseCode);
            return new(failure == LookupFailure.None ? response.Answers : [], failure, response.HasError ? response.ErrorMessage : null);
        }
        catch (DnsResponseException failed)
        {
            LookupFailure failure = failed.InnerException is SocketException ? LookupFailure.Unreachable : FailureOf(failed.Code);
            return new([], failure, failed.InnerException is SocketException socket ? socket.Message : failed.DnsError);
        }
        catch (SocketException unreachable)
        {
            return new([], LookupFailure.Unreachable, unreachable.Message);
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            return new([], LookupFailure.Timeout, null);
        }
    }

    private static LookupFailure FailureOf(DnsResponseCode code) => code switch
    {
        DnsResponseCode.NoError => LookupFailure.None,
        DnsResponseCode.ServerFailure => LookupFailure.ServerFailure,
        DnsResponseCode.NotExistentDomain => LookupFailure.NoSuchName,
        DnsResponseCode.Refused => LookupFailure.Refused,
        DnsResponseCode.ConnectionTimeout => LookupFailure.Timeout,
        _ => LookupFailure.Other,
    };
}

/// <summary>What a question was answered with.</summary>
/// <param name="Records">All records, aliases included.</param>
/// <param name="Failure">Why there are none; none also where there are simply no such records.</param>
/// <param name="Trouble">The failure in the resolver's words; null: it said nothing.</param>
internal sealed record DnsAnswer(IReadOnlyList<DnsResourceRecord> Records, LookupFailure Failure, string? Trouble)
{
    /// <summary>The shortest TTL.</summary>
    public TimeSpan Ttl => Records.Count == 0 ? TimeSpan.MaxValue : TimeSpan.FromSeconds(Records.Min(record => record.InitialTimeToLive));

    /// <summary>It failed in a way that says nothing of the name.</summary>
    public bool IsUnknown => Failure != LookupFailure.None && !Failure.IsDefinite();
}
