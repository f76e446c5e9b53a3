using System.IO.Pipelines;

namespace Sluice.ProxyHost.Upstreams.Builtin;

/// <summary>What an upstream that the daemon embeds does with one connection, from its first byte until its end of stream.</summary>
internal delegate Task BuiltinService(IDuplexPipe connection, CancellationToken cancellationToken);

/// <summary>The services that <c>builtin:name</c> may name.</summary>
internal static class BuiltinServices
{
    /// <summary>The service of that name; validation has seen to it that there is one.</summary>
    public static BuiltinService Named(string name) => name switch
    {
        "echo" => EchoAsync,
        "discard" => DiscardAsync,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "there is no such builtin service"),
    };

    /// <summary>RFC 862. What comes in goes out; when the output is full the input is not read.</summary>
    private static Task EchoAsync(IDuplexPipe connection, CancellationToken cancellationToken) =>
        connection.Input.CopyToAsync(connection.Output, cancellationToken);

    /// <summary>RFC 863. What comes in is gone.</summary>
    private static async Task DiscardAsync(IDuplexPipe connection, CancellationToken cancellationToken)
    {
        ReadResult read;
        do
        {
            read = await connection.Input.ReadAsync(cancellationToken);
            connection.Input.AdvanceTo(read.Buffer.End);
        }
        while (!read.IsCompleted);
    }
}
