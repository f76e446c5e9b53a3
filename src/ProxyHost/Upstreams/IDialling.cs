using System.Net;
using Sluice.ProxyHost.Model;
using Sluice.Redirect;

namespace Sluice.ProxyHost.Upstreams;

/// <summary>Who an upstream is dialled for, and what is known of the attempts. Written by the dialer only.</summary>
internal interface IDialling : IAbortScope
{
    /// <summary>Where it comes from; null where that is unknown.</summary>
    EndPoint? ClientAddress { get; }

    /// <summary>What it was made to before it was led here; null where that is unknown.</summary>
    IPEndPoint? Destination => null;

    /// <summary>Who its client is, for clusters that keep the client's address.</summary>
    IPEndPoint? Source => null;

    /// <summary>Attempts so far.</summary>
    int Attempts { get; set; }

    /// <summary>The endpoint that is being tried or is connected to; after failure the last one tried.</summary>
    EndpointState? Endpoint { get; set; }

    /// <summary>What an errno cannot say of a failure, such as an unknown host name.</summary>
    string? Trouble { get; set; }

    /// <summary>An attempt begins now, at this <see cref="System.Diagnostics.Stopwatch"/> timestamp. By default nobody keeps it.</summary>
    void AttemptBegan(long at)
    {
    }

    /// <summary>The attempt that began then has failed; the error is an errno or a word.</summary>
    void AttemptFailed(string endpoint, string error, long began)
    {
    }

    /// <summary>Why nobody waits for it any more, or <see cref="EndReason.None"/>. Readable from any thread.</summary>
    EndReason AbortedFor { get; }
}
